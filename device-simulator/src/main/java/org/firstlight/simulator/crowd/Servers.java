package org.firstlight.simulator.crowd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The servers that devices of the crowd have been told of, each with a number. */
final class Servers {
  private static final int COAPS = 5684;
  private static final int MOST = 1000;

  private record Server(URI uri, InetSocketAddress address) {}

  private final List<Server> all = new CopyOnWriteArrayList<>();
  private final Map<URI, Integer> numbers = new ConcurrentHashMap<>();

  /**
   * The number of the server with this URI, now and later.
   *
   * @throws UnknownHostException if its name leads nowhere
   */
  int number(URI uri) throws UnknownHostException {
    Integer known = numbers.get(uri);
    return known == null ? add(uri) : known;
  }

  private synchronized int add(URI uri) throws UnknownHostException {
    Integer known = numbers.get(uri);
    if (known != null) {
      return known;
    }
    if (!"coaps".equals(uri.getScheme()) || uri.getHost() == null) {
      throw new UnknownHostException(uri + " is not a coaps URI with a host");
    }
    if (all.size() == MOST) {
      throw new UnknownHostException("more than %d servers".formatted(MOST));
    }
    int port = uri.getPort() > 0 ? uri.getPort() : COAPS;
    all.add(new Server(uri, new InetSocketAddress(InetAddress.getByName(uri.getHost()), port)));
    numbers.put(uri, all.size() - 1);
    return all.size() - 1;
  }

  InetSocketAddress address(int number) {
    return all.get(number).address();
  }

  /** As it must stand in its certificate. */
  String host(int number) {
    return all.get(number).uri().getHost();
  }

  /** Which of them a datagram came from. */
  OptionalInt at(InetSocketAddress address) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).address().equals(address)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
