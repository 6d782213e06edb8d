package org.firstlight.badluck;

import java.io.UncheckedIOException;
import java.util.Map;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Subject;
import org.firstlight.journey.Api;

/** Lets one client after the other connect, each with pre-shared keys that are issued to it. */
final class Issuer implements Load.Client {
  private static final long BACK_OFF_MS = 200;
  private static final long PAUSE_MS = 20;

  private final Api administrator;
  private final String names;
  private final Ledger ledger;
  private long made;

  /**
   * @param names what the names of its clients begin with
   */
  Issuer(Api administrator, String names, Ledger ledger) {
    this.administrator = administrator;
    this.names = names;
    this.ledger = ledger;
  }

  @Override
  public boolean step() throws InterruptedException {
    Subject keys = new Subject(Kind.CREDENTIAL, names + ++made);
    boolean acknowledged;
    try {
      acknowledged = issued(keys);
    } catch (UncheckedIOException unanswered) {
      acknowledged = false;
    }
    Thread.sleep(acknowledged ? PAUSE_MS : BACK_OFF_MS);
    return acknowledged;
  }

  private boolean issued(Subject keys) {
    ledger.attempted(keys, 1);
    Api.Answer answer =
        administrator.post("/connections", Map.of("name", keys.name(), "credential", "psk"));
    switch (answer.status()) {
      case 201 -> {
        ledger.acknowledged(keys, 1);
        return true;
      }
      case 503 -> ledger.unavailable(Kind.CREDENTIAL);
      default -> ledger.surprise(answer.status() + " for " + answer.text());
    }
    return false;
  }

  @Override
  public String toString() {
    return "issuer";
  }

  @Override
  public void close() {}
}
