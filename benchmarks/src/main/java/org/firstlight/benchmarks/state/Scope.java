package org.firstlight.benchmarks.state;

/**
 * How much one round measures.
 *
 * @param concurrency exchanges under way at once under full load
 * @param seconds of each measurement under load
 * @param warmUpSeconds before it
 * @param oneByOne exchanges one after another, for round trips
 * @param observed devices of which a value is observed
 * @param expiring registrations whose Lifetime ends at once
 * @param leadSeconds in which these are registered
 * @param warmUpLists pages asked for before the ones that are timed
 * @param untilExchangesEnd whether the heap is measured once more when the server has forgotten
 *     every exchange: that takes minutes
 */
record Scope(
    int concurrency,
    double seconds,
    double warmUpSeconds,
    int oneByOne,
    int observed,
    int expiring,
    int leadSeconds,
    int warmUpLists,
    boolean untilExchangesEnd) {
  /** EXCHANGE_LIFETIME of RFC 7252 §4.8.2, and a little. */
  static final long EXCHANGE_LIFETIME_MS = 260_000;

  static final Scope FULL = new Scope(128, 5, 3, 500, 2_000, 10_000, 12, 200, false);
  static final Scope QUICK = new Scope(64, 0.5, 0.5, 50, 100, 200, 3, 20, false);

  /**
   * What a server runs for the first time then is compiled for some six seconds after its first
   * message, by a thread that takes half of one of two cores from it.
   */
  double intakeWarmUpSeconds() {
    return 3 * warmUpSeconds;
  }

  /** Long enough to hold what comes every ten seconds or so: Redis rewrites its file. */
  double longSeconds() {
    return 2 * seconds;
  }
}
