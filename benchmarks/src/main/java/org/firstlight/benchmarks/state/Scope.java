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
 */
record Scope(
    int concurrency,
    double seconds,
    double warmUpSeconds,
    int oneByOne,
    int observed,
    int expiring) {
  static final Scope FULL = new Scope(128, 5, 3, 500, 2_000, 10_000);
  static final Scope QUICK = new Scope(64, 1, 1, 100, 200, 500);

  int observed(int devices) {
    return Math.min(observed, devices);
  }

  int expiring(int devices) {
    return Math.min(expiring, devices);
  }
}
