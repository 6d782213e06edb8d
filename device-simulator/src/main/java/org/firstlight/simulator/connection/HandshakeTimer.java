package org.firstlight.simulator.connection;

import java.time.Duration;
import java.util.Optional;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;

/** Tells how long the handshakes of one connection took and how they ended. */
final class HandshakeTimer extends SessionAdapter {
  private final ServerAccount account;
  private final HandshakeWatch watch;
  private volatile long began = System.nanoTime();

  HandshakeTimer(ServerAccount account, HandshakeWatch watch) {
    this.account = account;
    this.watch = watch;
  }

  @Override
  public void handshakeStarted(Handshaker handshaker) {
    began = System.nanoTime();
  }

  @Override
  public void handshakeCompleted(Handshaker handshaker) {
    watch.ended(account, took(), Optional.empty());
  }

  @Override
  public void handshakeFailed(Handshaker handshaker, Throwable error) {
    watch.ended(account, took(), Optional.of(String.valueOf(error.getMessage())));
  }

  private Duration took() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
