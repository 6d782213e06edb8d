package org.firstlight.simulator.device;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.connection.EstClient;
import org.firstlight.simulator.connection.EstClient.Enrolled;
import org.firstlight.simulator.connection.ServerAccount;
import org.firstlight.simulator.connection.ServerConnection;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.StoredInstance;

/**
 * Fetches the certificates of accounts with security mode 4, and renews them when a third of their
 * time is left. The key stays in the device, in its own /0, as a key from the factory would. Used
 * on the device's thread alone.
 */
final class Enrolment {
  private static final long EST = 4;
  private static final int MODE = 2;
  private static final int CERTIFICATE = 3;
  private static final int KEY = 5;
  private static final int SHORT_SERVER_ID = 10;

  private final DeviceContext device;
  private int attempt;
  private boolean renewing;
  private int renewalsFailed;
  private Instant nextRenewal = Instant.EPOCH;

  Enrolment(DeviceContext device) {
    this.device = device;
  }

  /** What was asked for no longer matters. */
  void stop() {
    attempt++;
  }

  /**
   * Goes on when each account has its certificate; asks again when an answer is lost.
   *
   * @param over the connection of the bootstrap
   * @param lost called when the server has said no, or nothing for too often
   */
  void run(Optional<ServerConnection> over, Runnable done, Runnable lost) {
    Optional<StoredInstance> account = open();
    if (account.isEmpty()) {
      done.run();
      return;
    }
    if (over.isEmpty()) {
      lost.run();
      return;
    }
    // the same key when it asks again: what was issued may be all that got lost
    ask(over.get(), account.get(), EstClient.newKey(), 1, () -> run(over, done, lost), lost);
  }

  private Optional<StoredInstance> open() {
    return device.tree().object(DeviceTree.SECURITY).getAvailableInstanceIds().stream()
        .map(id -> device.tree().instance(DeviceTree.SECURITY, id).orElseThrow())
        .filter(one -> one.value(MODE, Long.class).filter(mode -> mode == EST).isPresent())
        .filter(one -> one.value(KEY, byte[].class).orElse(new byte[0]).length == 0)
        .findFirst();
  }

  private void ask(
      ServerConnection over,
      StoredInstance account,
      KeyPair keys,
      int tries,
      Runnable done,
      Runnable lost) {
    int mine = ++attempt;
    device.then(
        EstClient.enroll(over, keys, device.endpointName()),
        (enrolled, failure) -> {
          if (mine != attempt) {
            return;
          }
          if (enrolled != null) {
            keep(account, enrolled);
            device.happened("enrolment", true, Map.of("by", "sen"));
            done.run();
          } else if (failure != null) {
            failed(failure, tries, () -> ask(over, account, keys, tries + 1, done, lost), lost);
          }
        });
  }

  private void failed(Throwable failure, int tries, Runnable again, Runnable lost) {
    device.happened("enrolment", false, Map.of("reason", DeviceContext.words(failure)));
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean no =
        cause instanceof EstClient.RefusedException refused
            && refused.code() != ResponseCode.SERVICE_UNAVAILABLE;
    int mine = attempt;
    if (no || tries >= device.timing().attempts()) {
      lost.run();
    } else {
      Duration wait = device.timing().retryAfter(tries);
      device.after(
          wait,
          () -> {
            if (mine == attempt) {
              again.run();
            }
          });
    }
  }

  /** The account whose certificate the device should renew now, if there is one. */
  Optional<Integer> due() {
    Instant now = device.clock().instant();
    if (renewing || now.isBefore(nextRenewal)) {
      return Optional.empty();
    }
    return device.accounts().servers().stream()
        .filter(one -> isDue(one, now))
        .map(ServerAccount::shortServerId)
        .findFirst();
  }

  private boolean isDue(ServerAccount account, Instant now) {
    if (!(account.credential() instanceof ServerAccount.Certificate held)) {
      return false;
    }
    Instant begin = held.chain().get(0).getNotBefore().toInstant();
    Instant end = held.chain().get(0).getNotAfter().toInstant();
    return !now.isBefore(end.minus(Duration.between(begin, end).dividedBy(3)))
        && security(account.shortServerId())
            .flatMap(one -> one.value(MODE, Long.class))
            .filter(mode -> mode == EST)
            .isPresent();
  }

  private Optional<StoredInstance> security(int shortServerId) {
    return device.tree().object(DeviceTree.SECURITY).getAvailableInstanceIds().stream()
        .map(id -> device.tree().instance(DeviceTree.SECURITY, id).orElseThrow())
        .filter(
            one ->
                one.value(SHORT_SERVER_ID, Long.class)
                    .filter(id -> id == shortServerId)
                    .isPresent())
        .findFirst();
  }

  /** Asks for another certificate over the connection that the one in use has opened. */
  void renew(int shortServerId, Optional<ServerConnection> over, Runnable done) {
    Optional<ServerAccount.Certificate> before =
        device.accounts().servers().stream()
            .filter(one -> one.shortServerId() == shortServerId)
            .map(ServerAccount::credential)
            .filter(ServerAccount.Certificate.class::isInstance)
            .map(ServerAccount.Certificate.class::cast)
            .findFirst();
    Optional<StoredInstance> account = security(shortServerId);
    if (over.isEmpty() || before.isEmpty() || account.isEmpty()) {
      device.happened("enrolment", false, Map.of("reason", "there is no certificate to renew"));
      return;
    }
    X509Certificate certificate = before.get().chain().get(0);
    renewing = true;
    device.then(
        EstClient.reenroll(over.get(), EstClient.newKey(), certificate),
        (enrolled, failure) -> {
          renewing = false;
          if (enrolled != null) {
            renewalsFailed = 0;
            keep(account.get(), enrolled);
            device.happened("enrolment", true, Map.of("by", "sren"));
            done.run();
          } else if (failure != null) {
            // the one that it has is good for long: it asks again later
            nextRenewal =
                device.clock().instant().plus(device.timing().retryAfter(++renewalsFailed));
            device.happened("enrolment", false, Map.of("reason", DeviceContext.words(failure)));
          }
        });
  }

  private static void keep(StoredInstance account, Enrolled enrolled) {
    byte[] key = enrolled.keys().getPrivate().getEncoded();
    account.set(CERTIFICATE, Certificates.der(enrolled.certificate()));
    account.set(KEY, Arrays.copyOf(key, key.length));
  }
}
