package org.firstlight.benchmarks.load;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the load process is told, as a line of JSON; it answers each with a {@link Result}.
 *
 * @param devices how many there are; later, among how many of them, 0 for all
 * @param registrationIds file with the ids of devices that are registered already
 * @param perSecond for an open loop; 0 for a closed one
 * @param count how many; 0 for as many as {@code seconds} allow
 * @param endsAfterSeconds when each Lifetime is over, counted from the order's beginning
 */
public record Order(
    Kind kind,
    int port,
    int sockets,
    int devices,
    Optional<Path> registrationIds,
    int concurrency,
    double perSecond,
    long count,
    double seconds,
    double endsAfterSeconds) {
  private static final double A_DAY = 86_400;

  /** What to do. */
  public enum Kind {
    CONNECT,
    REGISTER,
    UPDATE,
    NOTIFY,
    SEND,
    SETTLE
  }

  /**
   * Be this many devices of the server on this port.
   *
   * @param sockets source addresses that the devices share
   * @param registrationIds of devices that are registered already, one a line
   */
  public static Order connect(int port, int sockets, int devices, Optional<Path> registrationIds) {
    return new Order(Kind.CONNECT, port, sockets, devices, registrationIds, 0, 0, 0, 0, 0);
  }

  /** Each time one is answered, begin the next. */
  public static Order closed(Kind kind, int concurrency, double seconds) {
    return new Order(kind, 0, 0, 0, Optional.empty(), concurrency, 0, 0, seconds, A_DAY);
  }

  /** As {@link #closed}, so often, however long it takes. */
  public static Order times(Kind kind, int concurrency, long count) {
    return new Order(kind, 0, 0, 0, Optional.empty(), concurrency, 0, count, 0, A_DAY);
  }

  /** Begin so many a second, answered or not. */
  public static Order open(Kind kind, double perSecond, double seconds) {
    return new Order(kind, 0, 0, 0, Optional.empty(), 0, perSecond, 0, seconds, A_DAY);
  }

  /** Wait until the server has asked nothing of any device for a second. */
  public static Order settle() {
    return new Order(Kind.SETTLE, 0, 0, 0, Optional.empty(), 0, 0, 0, 0, 0);
  }

  /** Only by the first so many devices. */
  public Order among(int first) {
    return new Order(
        kind,
        port,
        sockets,
        first,
        registrationIds,
        concurrency,
        perSecond,
        count,
        seconds,
        endsAfterSeconds);
  }

  /** With registrations that all end so long after the order begins. */
  public Order endingAfter(double newEndsAfterSeconds) {
    return new Order(
        kind,
        port,
        sockets,
        devices,
        registrationIds,
        concurrency,
        perSecond,
        count,
        seconds,
        newEndsAfterSeconds);
  }
}
