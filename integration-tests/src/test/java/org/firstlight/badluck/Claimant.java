package org.firstlight.badluck;

import java.io.UncheckedIOException;
import java.util.Map;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Subject;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.journey.Api;

/** Announces one shipped device after the other, and claims it with the code from its box. */
final class Claimant implements Load.Client {
  private static final long BACK_OFF_MS = 200;
  private static final long PAUSE_MS = 20;
  private static final int CODES_A_MINUTE = 10;

  private final Api manufacturer;
  private final Api owner;
  private final String maker;
  private final String namespace;
  private final Ledger ledger;
  private long made;
  private long codesLost;

  /**
   * @param namespace in which the manufacturer may name devices
   */
  Claimant(Api manufacturer, Api owner, String maker, String namespace, Ledger ledger) {
    this.manufacturer = manufacturer;
    this.owner = owner;
    this.maker = maker;
    this.namespace = namespace;
    this.ledger = ledger;
  }

  @Override
  public boolean step() throws InterruptedException {
    String name = namespace + "BL" + ++made;
    String code = ClaimCode.random();
    boolean acknowledged;
    try {
      acknowledged = announced(name, code) && claimed(name, code);
    } catch (UncheckedIOException unanswered) {
      acknowledged = false;
    }
    Thread.sleep(acknowledged ? PAUSE_MS : BACK_OFF_MS);
    return acknowledged;
  }

  private boolean announced(String name, String code) {
    String line =
        """
        {"endpointName":"%s","manufacturer":"%s","factoryId":"%s","model":"m","serialNumber":"%d",\
        "claimCode":"%s"}
        """
            .formatted(name, maker, name, made, code);
    Subject device = new Subject(Kind.IMPORT, name);
    ledger.attempted(device, 1);
    return took(device, manufacturer.postLines("/devices", line));
  }

  private boolean claimed(String name, String code) {
    Subject claim = new Subject(Kind.CLAIM, name);
    ledger.attempted(claim, 1);
    Api.Answer answer = owner.post("/claims", Map.of("code", code));
    if (answer.status() == 404) {
      codesLost++;
    }
    if (answer.status() == 429 && codesLost >= CODES_A_MINUTE) {
      // codes that were lost with their devices count as wrong: to be told to wait is to be served
      ledger.refused(claim, 1);
      return true;
    }
    return took(claim, answer);
  }

  private boolean took(Subject subject, Api.Answer answer) {
    boolean done = answer.status() / 100 == 2 && answer.body().path("refused").isEmpty();
    if (done) {
      ledger.acknowledged(subject, 1);
    } else if (answer.status() == 503) {
      ledger.unavailable(subject.kind());
    } else {
      ledger.refused(subject, 1);
      // a device that was announced and lost cannot be claimed: the audit counts it as lost
      if (subject.kind() != Kind.CLAIM || answer.status() != 404) {
        ledger.surprise(answer.status() + " for " + answer.text());
      }
    }
    return done;
  }

  @Override
  public String toString() {
    return "claimant";
  }

  @Override
  public void close() {}
}
