package org.firstlight.kit.token;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.firstlight.kit.config.TokenConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that holds a CA's key. It may go away and come back at any time: every few seconds it
 * is tried, and logged in to again when it is there. Any thread may use it, one at a time does.
 */
public final class Token implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Token.class);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration TURN_WITHIN = Duration.ofSeconds(5);

  private final TokenConfig config;
  private final Supplier<byte[]> pin;
  private final RefusedPin refusedPin;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "token-watch");
            thread.setDaemon(true);
            return thread;
          });

  private final byte[] certificate;
  private @Nullable TokenProcess process;
  private @Nullable PublicKey expected;
  private boolean watched;
  private volatile Optional<String> problem = Optional.empty();

  private Token(TokenConfig config, Supplier<byte[]> pin, RefusedPin refusedPin) {
    this.config = config;
    this.pin = pin;
    this.refusedPin = refusedPin;
    TokenProcess.Opened opened = login();
    this.process = opened.process();
    this.certificate = opened.certificate();
  }

  /**
   * Logs in.
   *
   * @param pin what {@link TokenConfig#pinFile} holds now, without a line's end
   * @param refused a file to make while the PIN is one that was refused
   * @throws TokenException if the token is not there, or does not let us in
   */
  public static Token open(TokenConfig config, Supplier<byte[]> pin, Path refused) {
    return new Token(config, pin, new RefusedPin(config.pinFile(), refused));
  }

  /** A PIN that was refused goes to the token only once. */
  private TokenProcess.Opened login() {
    if (refusedPin.isStill()) {
      throw new TokenException(
          "token '%s' refused the PIN in %s before: it is tried again when that file is written anew"
              .formatted(config.label(), config.pinFile()));
    }
    byte[] word = pin.get();
    try {
      TokenProcess.Opened opened = TokenProcess.open(config, word);
      refusedPin.forget();
      return opened;
    } catch (TokenException.PinRefused refusal) {
      refusedPin.remember();
      throw refusal;
    } finally {
      Arrays.fill(word, (byte) 0);
    }
  }

  /** Of the key that the token had for us when it was opened, DER; empty if it had none. */
  public Optional<byte[]> certificate() {
    return certificate.length == 0 ? Optional.empty() : Optional.of(certificate.clone());
  }

  /** A new P-256 pair, to sign with, that is kept only with {@link #keep}; its SPKI. */
  public byte[] generate() {
    return inTurn(TokenProcess::generate);
  }

  /**
   * Keeps the new pair.
   *
   * @param der its certificate
   */
  public void keep(byte[] der) {
    inTurn(
        opened -> {
          opened.keep(der);
          return der;
        });
  }

  /**
   * Signs by ECDSA. Waits ten seconds at most.
   *
   * @param sha256 of what is signed
   * @return DER
   * @throws TokenException if the token cannot do it now
   */
  public byte[] sign(byte[] sha256) {
    return inTurn(opened -> opened.sign(sha256));
  }

  /**
   * Tries the token now and then from here on, and logs in again where it was away.
   *
   * @throws TokenException if its key is not that of this public key
   */
  public void watch(PublicKey key) {
    expected = key;
    inTurn(this::checked);
    watched = true;
    timer.scheduleWithFixedDelay(
        this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why it cannot sign now, for the operator. */
  public Optional<String> problem() {
    return problem;
  }

  private interface Act {
    byte[] on(TokenProcess opened);
  }

  private byte[] inTurn(Act act) {
    if (!takeTurn()) {
      throw new TokenException("token '%s' has too much to do".formatted(config.label()));
    }
    try {
      if (process == null) {
        throw new TokenException(problem.orElse("the token was closed"));
      }
      return act.on(process);
    } catch (TokenException fault) {
      lose(fault);
      throw fault;
    } finally {
      turn.unlock();
    }
  }

  private boolean takeTurn() {
    try {
      return turn.tryLock(TURN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void lose(TokenException fault) {
    if (process != null) {
      process.close();
      process = null;
    }
    Optional<String> now = Optional.of(String.valueOf(fault.getMessage()));
    if (watched && !timer.isShutdown() && !now.equals(problem)) {
      LOG.warn("no certificate can be issued: {}", now.get());
    }
    problem = now;
  }

  private void look() {
    try {
      if (problem.isEmpty()) {
        inTurn(this::checked);
      } else if (!refusedPin.isStill()) {
        reopen();
      }
    } catch (TokenException away) {
      LOG.debug("the token is away", away);
    } catch (RuntimeException fault) {
      LOG.error("the token cannot be looked after", fault);
    }
  }

  /** Outside of anybody's turn, since it takes its time: who wants to sign is refused at once. */
  private void reopen() {
    TokenProcess opened;
    try {
      opened = login().process();
    } catch (TokenException still) {
      turn.lock();
      try {
        lose(still);
      } finally {
        turn.unlock();
      }
      return;
    }
    turn.lock();
    try {
      process = opened;
      inTurn(this::checked);
      problem = Optional.empty();
      LOG.info("token '{}' is back: certificates are issued again", config.label());
    } finally {
      turn.unlock();
    }
  }

  /** Another key under the same name would issue what nobody trusts. */
  private byte[] checked(TokenProcess opened) {
    byte[] probe = {1, 2, 3};
    try {
      byte[] signed = opened.sign(MessageDigest.getInstance("SHA-256").digest(probe));
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(expected);
      verifier.update(probe);
      if (verifier.verify(signed)) {
        return signed;
      }
    } catch (GeneralSecurityException e) {
      LOG.debug("what the token signed cannot be verified", e);
    }
    throw new TokenException(
        "token '%s' has another key than that of the operational CA's certificate"
            .formatted(config.label()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    turn.lock();
    try {
      lose(new TokenException("the token was closed"));
    } finally {
      turn.unlock();
    }
  }
}
