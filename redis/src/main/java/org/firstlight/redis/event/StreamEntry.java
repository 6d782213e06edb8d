package org.firstlight.redis.event;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.state.RecordJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An entry of a stream, as Redis gives it: an id, and "e" with the event's JSON. */
record StreamEntry(StreamPosition position, List<?> fields) implements Comparable<StreamEntry> {
  private static final Logger log = LoggerFactory.getLogger(StreamEntry.class);

  static StreamEntry of(int stream, Object reply) {
    List<?> entry = Bytes.list(reply);
    return new StreamEntry(
        StreamPosition.of(stream, Bytes.text(entry.get(0))), Bytes.list(entry.get(1)));
  }

  /** Its event's type, read without the rest; "" of what is not an event of ours. */
  String type() {
    if (fields.size() == 2 && fields.get(1) instanceof byte[] json) {
      try (JsonParser parser = RecordJson.MAPPER.createParser(json)) {
        parser.nextToken();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          String text = parser.nextTextValue();
          if (name.equals("type") && text != null) {
            return text;
          }
          parser.skipChildren();
        }
      } catch (IOException e) {
        log.debug("an event that is not ours", e);
      }
    }
    return "";
  }

  /** Empty, and logged, if it is not an event of ours. */
  Optional<Entry> event() {
    if (fields.size() == 2 && fields.get(1) instanceof byte[] json) {
      try {
        FleetEvent event = RecordJson.MAPPER.readValue(json, FleetEvent.class);
        return Optional.of(new Entry(position.toString(), event));
      } catch (IOException e) {
        log.debug("an event that is not ours", e);
      }
    }
    log.warn("the event at {} is passed over: it is not in the form of this release", position);
    return Optional.empty();
  }

  @Override
  public int compareTo(StreamEntry other) {
    return position.compareTo(other.position);
  }
}
