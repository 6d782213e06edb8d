package org.firstlight.kit.dtls;

import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.scandium.DtlsDatagramFilter;

/**
 * Passes a first flight over while too many handshakes are under way: without an answer, so that
 * the device sends it again a little later (RFC 6347 §4.2.4), and before it costs anything. Whose
 * address it is nobody knows yet, so one in a second is told, however many come.
 */
final class HandshakeFilter extends DtlsDatagramFilter {
  private static final int RECORD_HEADER = 13;
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final long TOLD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HandshakeLimits limits;
  private final HandshakeListener listener;
  private final AtomicLong told = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS);

  HandshakeFilter(HandshakeLimits limits, HandshakeListener listener) {
    this.limits = limits;
    this.listener = listener;
  }

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    if (!super.onReceiving(packet)) {
      return false;
    }
    Optional<String> refusal =
        beginsHandshake(packet) ? limits.refusal(packet.getAddress()) : Optional.empty();
    if (refusal.isPresent() && mayTell()) {
      listener.failed(
          new HandshakeReport(
              (InetSocketAddress) packet.getSocketAddress(),
              Optional.empty(),
              Optional.empty(),
              0,
              refusal.get()));
    }
    return refusal.isEmpty();
  }

  private boolean mayTell() {
    long now = System.nanoTime();
    long last = told.get();
    return now - last >= TOLD_EVERY_NANOS && told.compareAndSet(last, now);
  }

  /** The handshake message's type stands behind the record's header, in epoch 0 in clear. */
  private static boolean beginsHandshake(DatagramPacket packet) {
    byte[] data = packet.getData();
    int at = packet.getOffset();
    return packet.getLength() > RECORD_HEADER
        && data[at] == HANDSHAKE
        && data[at + 3] == 0
        && data[at + 4] == 0
        && data[at + RECORD_HEADER] == CLIENT_HELLO;
  }
}
