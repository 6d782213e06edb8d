package org.firstlight.benchmarks.state;

import java.util.Locale;
import java.util.Optional;

/** What is measured, in the order of the table, with what it is to reach beside a peer. */
enum Measure {
  UPDATES_PER_SECOND("Updates, durable", "/s", true, Subject.TUNED, 5),
  UPDATE_P50_MS("Update under full load, p50", "ms"),
  UPDATE_P99_MS("Update under full load, p99", "ms"),
  UPDATE_P99_MS_AT_A_TENTH(
      "Update at a tenth of the tuned peer's full load, p99", "ms", false, Subject.TUNED, 1),
  LATE_P99_MS_AT_A_TENTH("the load's own lateness meanwhile, p99", "ms"),
  UPDATE_SERVER_CPU("server CPU per 10,000 Updates", "s"),
  UPDATE_REDIS_CPU("Redis CPU per 10,000 Updates", "s"),
  UPDATE_CPU("server and Redis CPU per 10,000 Updates", "s", false, Subject.TUNED, 1.0 / 6),
  UPDATE_ROUND_TRIPS("round trips of an Update, one at a time", ""),
  UPDATE_SHARED_ROUND_TRIPS("round trips per Update under full load", ""),
  REGISTERS_PER_SECOND("Registers of known devices, durable", "/s", true, Subject.TUNED, 2),
  REGISTER_P50_MS("Register under full load, p50", "ms"),
  REGISTER_P99_MS("Register under full load, p99", "ms"),
  REGISTER_SERVER_CPU("server CPU per 10,000 Registers", "s"),
  REGISTER_REDIS_CPU("Redis CPU per 10,000 Registers", "s"),
  REGISTER_CPU("server and Redis CPU per 10,000 Registers", "s"),
  REGISTER_ROUND_TRIPS("round trips of a Register, one at a time", ""),
  FIRST_REGISTERS_PER_SECOND("first Registers (ours then reads values of each device)", "/s"),
  HEARD_AGAIN_PER_SECOND("first Updates after the server's start", "/s"),
  OBSERVES_PER_SECOND("observations begun (ours with a Register each)", "/s"),
  NOTIFIES_PER_SECOND("notifications taken in", "/s", true, Subject.MEMORY, 0.7),
  NOTIFY_CPU("server and Redis CPU per 10,000 notifications", "s"),
  SENDS_PER_SECOND("Sends taken in", "/s", true, Subject.MEMORY, 0.7),
  EXPIRY_SECONDS("Lifetimes that end at once, until all are taken", "s"),
  EXPIRY_CPU("server and Redis CPU per 10,000 Lifetimes that end", "s"),
  LIST_RARE_MS("find the ten devices that a filter matches", "ms", 20),
  LIST_PAGE_MS("first page of 50 by filter", "ms", 20),
  LIST_DEEP_PAGE_MS("a page of 50, 20,000 devices deep", "ms", 20),
  START_SECONDS("start of the server on a stored fleet, and its first Update answered", "s"),
  HEAP_BYTES("heap per registered device, when exchanges are over", "B", 1_024),
  HEAP_BYTES_WITH_EXCHANGES("heap per registered device, after the load", "B"),
  REDIS_BYTES_OF_REGISTRATION("Redis memory per registration, look-ups and expiry", "B", 700),
  REDIS_BYTES("Redis memory per registered device, every record and index", "B", 2_000),
  REDIS_EVENT_MEGABYTES("Redis memory of the bounded event streams, in all", "MB");

  private final String title;
  private final String unit;
  private final boolean moreIsBetter;
  private final Optional<Subject> peer;
  private final double target;

  Measure(String title, String unit) {
    this(title, unit, false, Optional.empty(), 0);
  }

  /** To be at most so much, whatever a peer takes. */
  Measure(String title, String unit, double limit) {
    this(title, unit, false, Optional.empty(), limit);
  }

  Measure(String title, String unit, boolean moreIsBetter, Subject peer, double target) {
    this(title, unit, moreIsBetter, Optional.of(peer), target);
  }

  Measure(String title, String unit, boolean moreIsBetter, Optional<Subject> peer, double target) {
    this.title = title;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
    this.peer = peer;
    this.target = target;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /** As JSON has it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The target's ratio of ours to this peer's; empty where none is set. */
  Optional<Double> target(Subject other) {
    return peer.filter(other::equals).map(named -> target);
  }

  /** The target for ours alone; empty where none is set. */
  Optional<Double> limit() {
    return peer.isEmpty() && target > 0 ? Optional.of(target) : Optional.empty();
  }

  boolean isMet(double reached) {
    return moreIsBetter ? reached >= target : reached <= target;
  }
}
