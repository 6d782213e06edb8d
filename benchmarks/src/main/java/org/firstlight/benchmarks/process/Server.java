package org.firstlight.benchmarks.process;

/**
 * A server that is measured.
 *
 * @param port plain coap, on loopback
 */
public record Server(JavaProcess process, int port) implements AutoCloseable {
  @Override
  public void close() {
    process.close();
  }
}
