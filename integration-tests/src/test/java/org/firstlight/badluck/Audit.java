package org.firstlight.badluck;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Lost;
import org.firstlight.badluck.Ledger.Subject;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.journey.Api;
import org.firstlight.redis.RedisStores;

/** Compares what clients were told with what is stored. */
final class Audit {
  private static final int MOST_EVENTS = 50_000;
  private static final int PAGE = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> ONCE_A_DEVICE = Set.of("device.imported", "device.claimed");

  private final Ledger ledger;
  private final Api administrator;
  private Instant since = Instant.EPOCH;

  Audit(Ledger ledger, Api administrator) {
    this.ledger = ledger;
    this.administrator = administrator;
  }

  /** What is not there, whoever looks: past every server. */
  List<Lost> survey(RedisStores redis) {
    Stores stores = redis.stores();
    List<Lost> lost = new ArrayList<>();
    lost.addAll(
        look(
            Kind.REGISTRATION,
            subject ->
                stores.registrations().findAll(name(subject)).thenApply(this::registeredOnce)));
    lost.addAll(
        look(
            Kind.CONFIGURATION,
            subject ->
                stores
                    .records()
                    .find(Kinds.CONFIGURATION, subject.name(), subject.name())
                    .thenApply(found -> edited(subject, found))));
    for (Kind kind : List.of(Kind.IMPORT, Kind.CLAIM)) {
      lost.addAll(
          look(
              kind,
              subject ->
                  stores
                      .records()
                      .find(Kinds.DEVICE, subject.name(), subject.name())
                      .thenApply(found -> known(kind, found))));
    }
    lost.addAll(
        look(
            Kind.CREDENTIAL,
            subject ->
                stores
                    .records()
                    .findAll(Kinds.PSK, subject.name())
                    .thenApply(keys -> presence(!keys.isEmpty()))));
    return lost;
  }

  private List<Lost> look(Kind kind, Function<Subject, CompletionStage<OptionalLong>> whatIsThere) {
    Map<Subject, Asked> asked = new HashMap<>();
    for (Subject subject : ledger.subjects(kind)) {
      long last = ledger.lastAcknowledged(subject);
      asked.put(subject, new Asked(last, whatIsThere.apply(subject)));
    }
    List<Lost> lost = new ArrayList<>();
    asked.forEach(
        (subject, one) ->
            lost.addAll(
                ledger.settle(subject, one.last(), one.found().toCompletableFuture().join())));
    return lost;
  }

  /** What is there, and what was acknowledged last before that was asked. */
  private record Asked(long last, CompletionStage<OptionalLong> found) {}

  private OptionalLong registeredOnce(List<Registration> found) {
    if (found.size() > 1) {
      ledger.surprise("a device is registered twice: " + found);
    }
    return found.stream().mapToLong(r -> r.lifetime().toSeconds()).max();
  }

  private OptionalLong edited(Subject subject, Optional<Stored<Configuration>> found) {
    if (found.filter(stored -> stored.version() > ledger.mostWrites(subject)).isPresent()) {
      ledger.surprise("an edit was stored twice: " + subject);
    }
    return found
        .map(stored -> OptionalLong.of(Editor.number(stored.value())))
        .orElseGet(OptionalLong::empty);
  }

  private OptionalLong known(Kind kind, Optional<Stored<Device>> found) {
    return presence(
        found
            .filter(stored -> kind == Kind.IMPORT || stored.value().claim().isPresent())
            .isPresent());
  }

  private static OptionalLong presence(boolean there) {
    return there ? OptionalLong.of(1) : OptionalLong.empty();
  }

  /**
   * That nothing stands there twice: while no client acts.
   *
   * @param complete whether nothing may be missing either
   */
  void once(RedisStores redis, boolean complete) {
    journeys(redis.stores());
    events(redis.stores(), complete);
    listing();
    since = Instant.now();
  }

  private void journeys(Stores stores) {
    Map<Subject, CompletionStage<Optional<Stored<JourneyRecord>>>> asked = new HashMap<>();
    for (Subject subject : ledger.subjects(Kind.REGISTRATION)) {
      asked.put(subject, stores.records().find(Kinds.JOURNEY, subject.name(), subject.name()));
    }
    asked.forEach(
        (subject, journey) -> {
          List<String> steps =
              BlockingState.await(journey)
                  .map(found -> found.value().steps().stream().map(Step::name).toList())
                  .orElse(List.of());
          if (new HashSet<>(steps).size() < steps.size()) {
            ledger.surprise(
                "a step stands twice in the journey of %s: %s".formatted(subject, steps));
          }
        });
  }

  private void events(Stores stores, boolean complete) {
    Map<String, Map<String, Long>> counts = new HashMap<>();
    BlockingState.await(stores.events().newest(MOST_EVENTS)).stream()
        .map(entry -> entry.event())
        .filter(event -> !event.at().isBefore(since))
        .forEach(
            event ->
                event
                    .endpointName()
                    .ifPresent(
                        name ->
                            counts
                                .computeIfAbsent(event.type(), fresh -> new HashMap<>())
                                .merge(name.value(), 1L, Long::sum)));
    for (Subject subject : ledger.subjects(Kind.REGISTRATION)) {
      Ledger.Range registers = ledger.takeRegisters(subject.name());
      long told = count(counts, "device.registered", subject.name());
      if (told > registers.most() || complete && told < registers.least()) {
        ledger.surprise(
            "%s: %d events of a Register, %s expected".formatted(subject, told, registers));
      }
    }
    for (String type : ONCE_A_DEVICE) {
      counts.getOrDefault(type, Map.of()).entrySet().stream()
          .filter(entry -> entry.getValue() > 1)
          .forEach(entry -> ledger.surprise(type + " was told twice of " + entry.getKey()));
    }
  }

  private static long count(Map<String, Map<String, Long>> counts, String type, String name) {
    return counts.getOrDefault(type, Map.of()).getOrDefault(name, 0L);
  }

  /** The list of all devices holds each that was announced, and none twice. */
  private void listing() {
    List<String> listed = new ArrayList<>();
    String query = "";
    do {
      JsonNode page = page("/devices?limit=" + PAGE + query);
      page.path("items").forEach(item -> listed.add(item.path("endpointName").asText()));
      query = page.hasNonNull("next") ? "&cursor=" + Api.segment(page.path("next").asText()) : "";
    } while (!query.isEmpty());
    Set<String> once = new HashSet<>(listed);
    if (once.size() < listed.size()) {
      ledger.surprise("a device is listed twice");
    }
    List<Subject> missing =
        ledger.subjects(Kind.IMPORT).stream()
            .filter(device -> ledger.holds(device) && !once.contains(device.name()))
            .toList();
    if (!missing.isEmpty()) {
      ledger.surprise("devices are there and not listed: " + missing);
    }
  }

  /** A reader may be told to come again while a connection that broke is not back. */
  private JsonNode page(String path) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> administrator.tryGet(path), answer -> answer.status() != 503)
        .done();
  }

  private static EndpointName name(Subject subject) {
    return new EndpointName(subject.name());
  }
}
