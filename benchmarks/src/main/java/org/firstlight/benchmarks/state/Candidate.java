package org.firstlight.benchmarks.state;

import org.firstlight.benchmarks.process.Server;

/** A running server that is measured, and what the load cannot ask of it by CoAP. */
interface Candidate extends AutoCloseable {
  Server server();

  /** Has it observe {@code /3/0/9} of the first devices; returns when it has asked them all. */
  void observe(int count);

  /** Milliseconds that it takes to find the few devices that a filter matches. */
  double listMs();

  /** Registrations that have ended by their Lifetime since it started. */
  long expired();

  @Override
  void close();
}
