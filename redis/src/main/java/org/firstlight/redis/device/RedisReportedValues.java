package org.firstlight.redis.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.configuration.ReportedValues;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.firstlight.redis.state.RecordJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol.Command;

/** The last values of a device in one hash: path to "1 type at source value". */
public final class RedisReportedValues implements ReportedValues {
  private static final Logger log = LoggerFactory.getLogger(RedisReportedValues.class);
  private static final String FORMAT = "1";

  /** More than any device has: who tells of paths without end fills nobody's memory. */
  static final int MOST_PATHS = 5_000;

  private static final Script STORE = Script.beside(RedisReportedValues.class, "store_values.lua");

  private final Pipelines redis;

  public RedisReportedValues(Pipelines redis) {
    this.redis = redis;
  }

  @Override
  public CompletionStage<Kept> store(
      EndpointName endpointName,
      Map<String, ReportedValue> values,
      Instant asked,
      FleetEvent event,
      List<Change.Edit.Keep<?>> still) {
    if (values.isEmpty()) {
      return CompletableFuture.completedStage(Kept.STORED);
    }
    String home = endpointName.value();
    int shard = Shard.of(home);
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(MOST_PATHS));
    arguments.add(Bytes.of(Keys.EVENTS_KEPT));
    arguments.add(RecordJson.bytes(event));
    arguments.add(Bytes.of(asked.toEpochMilli()));
    arguments.add(Bytes.of(event.at().toEpochMilli()));
    arguments.add(Bytes.of(home));
    arguments.add(Bytes.of(still.size()));
    for (Change.Edit.Keep<?> record : still) {
      arguments.add(Keys.field(record.kind(), record.id()));
      arguments.add(Bytes.of(record.expectedVersion()));
    }
    values.forEach(
        (path, value) -> {
          arguments.add(Bytes.of(path));
          arguments.add(Bytes.of(line(value)));
        });
    return redis
        .run(
            shard,
            STORE,
            new byte[][] {
              Keys.values(endpointName),
              Keys.reports(shard),
              Keys.records(home),
              Keys.registrations(shard)[2]
            },
            arguments.toArray(byte[][]::new))
        .thenApply(
            reply -> {
              long passedOver = Bytes.number(reply);
              if (passedOver > 0) {
                log.debug("{} tells of more paths than are kept", endpointName);
              }
              return passedOver >= 0
                  ? Kept.STORED
                  : passedOver == -1 ? Kept.RECORDS_CHANGED : Kept.NOT_REGISTERED;
            });
  }

  @Override
  public CompletionStage<Map<String, ReportedValue>> find(EndpointName endpointName) {
    return redis
        .send(Shard.of(endpointName.value()), Command.HGETALL, Keys.values(endpointName))
        .thenApply(
            reply -> {
              List<?> found = Bytes.list(reply);
              Map<String, ReportedValue> values = new TreeMap<>();
              for (int i = 0; i < found.size(); i += 2) {
                String path = Bytes.text(found.get(i));
                parse(endpointName, path, Bytes.text(found.get(i + 1)))
                    .ifPresent(value -> values.put(path, value));
              }
              return values;
            });
  }

  @Override
  public CompletionStage<Void> forget(EndpointName endpointName) {
    return redis
        .send(Shard.of(endpointName.value()), Command.DEL, Keys.values(endpointName))
        .thenAccept(reply -> {});
  }

  private static String line(ReportedValue value) {
    return Fields.join(
        List.of(
            FORMAT,
            value.type(),
            Long.toString(value.at().toEpochMilli()),
            value.source(),
            value.value()));
  }

  private static Optional<ReportedValue> parse(EndpointName device, String path, String line) {
    List<String> fields = Fields.split(line);
    if (fields.size() == 5 && fields.get(0).equals(FORMAT) && fields.get(2).matches("\\d{1,15}")) {
      Instant at = Instant.ofEpochMilli(Long.parseLong(fields.get(2)));
      return Optional.of(new ReportedValue(fields.get(1), fields.get(4), at, fields.get(3)));
    }
    log.warn("value {} of {} is passed over: it is not in the form of this release", path, device);
    return Optional.empty();
  }
}
