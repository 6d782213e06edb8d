package org.firstlight.kit.dtls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.kit.config.HandshakesConfig;

/**
 * Counts the handshakes that are under way, by address range. Only those count whose sender has
 * shown that it has its address, so that nobody uses up the share of another.
 */
final class HandshakeLimits {
  private final HandshakesConfig limits;
  private final Map<InetAddress, Integer> byRange = new ConcurrentHashMap<>();
  private final AtomicInteger all = new AtomicInteger();

  HandshakeLimits(HandshakesConfig limits) {
    this.limits = limits;
  }

  void began(InetAddress address) {
    byRange.merge(range(address), 1, Integer::sum);
    all.incrementAndGet();
  }

  void ended(InetAddress address) {
    byRange.computeIfPresent(range(address), (range, count) -> count == 1 ? null : count - 1);
    all.decrementAndGet();
  }

  /** Why none may begin from there now, in words. */
  Optional<String> refusal(InetAddress address) {
    int its = byRange.getOrDefault(range(address), 0);
    if (its >= limits.atOncePerPrefix()) {
      return Optional.of(
          "too many handshakes are under way from its address range (handshakes.atOncePerPrefix)");
    }
    return all.get() >= limits.atOnce()
            && its >= Math.max(1, limits.atOnce() / Math.max(1, byRange.size()))
        ? Optional.of(
            "many handshakes are under way, and more than its share from its address range"
                + " (handshakes.atOnce)")
        : Optional.empty();
  }

  int underWay() {
    return all.get();
  }

  private InetAddress range(InetAddress address) {
    byte[] bytes = address.getAddress();
    int bits = bytes.length == 4 ? limits.ipv4Prefix() : limits.ipv6Prefix();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.max(0, Math.min(8, bits - 8 * i));
      bytes[i] &= (byte) (0xff00 >> kept);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
