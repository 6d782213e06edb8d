package org.firstlight.dm.user;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.firstlight.dm.access.Attempts;
import org.firstlight.dm.access.Network;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;

/**
 * Slows down who guesses passwords, and nobody else. A browser that has signed in to an account
 * before counts for itself alone: whatever others do, from its own network too, it is let try. All
 * others count by network, by network and account, and by account. Kept by this process: on two
 * nodes a guesser has twice as many tries.
 */
final class LockOut {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration QUARTER = Duration.ofMinutes(15);

  private final Attempts ofNetwork;
  private final Attempts ofNetworkAndAccount;
  private final Attempts ofAccount;
  private final Attempts ofBrowser;

  LockOut(Clock clock) {
    ofNetwork = new Attempts(10, MINUTE, clock);
    ofNetworkAndAccount = new Attempts(5, QUARTER, clock);
    ofAccount = new Attempts(50, QUARTER, clock);
    ofBrowser = new Attempts(10, QUARTER, clock);
  }

  /**
   * One try.
   *
   * @param account the name that was given, whether there is such a user or not
   * @param knownBrowser hash of what marks the browser, if it has signed in to the account before
   */
  record Try(String account, String address, Optional<String> knownBrowser) {
    private String both() {
      return account + " " + Network.of(address);
    }

    private String browser() {
      return account + " " + knownBrowser.orElseThrow();
    }
  }

  /** Counts a try before it is made, so that many at once are no more; or says why it is not. */
  synchronized Optional<Failure> begin(Try one) {
    if (one.knownBrowser().isPresent()) {
      if (ofBrowser.exhausted(one.browser())) {
        return wait("too many failed tries from this browser: wait a quarter of an hour");
      }
      ofBrowser.failed(one.browser());
      return Optional.empty();
    }
    String network = Network.of(one.address());
    if (ofNetwork.exhausted(network)) {
      return wait("too many failed tries from here: wait a minute");
    }
    if (ofNetworkAndAccount.exhausted(one.both())) {
      return wait("too many failed tries for this name from here: wait a quarter of an hour");
    }
    if (ofAccount.exhausted(one.account())) {
      return wait(
          "many try to guess this name's password: sign in with a browser that has done so before,"
              + " or with a new invitation");
    }
    ofNetwork.failed(network);
    ofNetworkAndAccount.failed(one.both());
    ofAccount.failed(one.account());
    return Optional.empty();
  }

  /** It was neither right nor wrong, for nobody looked: it does not count. */
  void undo(Try one) {
    if (one.knownBrowser().isPresent()) {
      ofBrowser.undo(one.browser());
    } else {
      ofNetwork.undo(Network.of(one.address()));
      ofNetworkAndAccount.undo(one.both());
      ofAccount.undo(one.account());
    }
  }

  void succeeded(Try one) {
    if (one.knownBrowser().isPresent()) {
      ofBrowser.forget(one.browser());
    } else {
      ofNetwork.undo(Network.of(one.address()));
      ofNetworkAndAccount.forget(one.both());
      ofAccount.undo(one.account());
    }
  }

  private static Optional<Failure> wait(String why) {
    return Optional.of(Failure.of(FailureCode.RATE_LIMITED, why));
  }
}
