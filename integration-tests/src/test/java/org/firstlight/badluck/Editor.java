package org.firstlight.badluck;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Subject;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.journey.Api;

/**
 * Somebody who edits one configuration document, each time the version that was last seen; after an
 * answer that did not come, it is read again first.
 */
final class Editor implements Load.Client {
  private static final String PATH = "/3/0/15";
  private static final long BACK_OFF_MS = 200;

  private final Api api;
  private final Subject subject;
  private final Ledger ledger;
  private long number;
  private long version = -1;

  Editor(Api api, String document, Ledger ledger) {
    this.api = api;
    this.subject = new Subject(Kind.CONFIGURATION, document);
    this.ledger = ledger;
  }

  @Override
  public boolean step() throws InterruptedException {
    boolean acknowledged;
    try {
      acknowledged = (version >= 0 || look()) && edit();
    } catch (UncheckedIOException unanswered) {
      version = -1;
      acknowledged = false;
    }
    if (!acknowledged) {
      Thread.sleep(BACK_OFF_MS);
    }
    return acknowledged;
  }

  /** Learns what is there, as who lost track does. */
  private boolean look() {
    Api.Answer there = api.tryGet(path());
    switch (there.status()) {
      case 200 -> version = there.body().path("version").asLong();
      case 404 -> version = 0;
      case 503 -> {}
      default -> ledger.surprise(there.status() + " for " + there.text());
    }
    return version >= 0;
  }

  private boolean edit() {
    ledger.attempted(subject, ++number);
    Api.Answer answer = api.edit(path(), document(number), version);
    version = -1;
    switch (answer.status()) {
      case 200, 201 -> {
        version = answer.body().path("version").asLong();
        ledger.acknowledged(subject, number);
        return true;
      }
      case 409, 412 -> ledger.refused(subject, number);
      case 503 -> {}
      default -> ledger.surprise(answer.status() + " for " + answer.text());
    }
    return false;
  }

  private String path() {
    return "/configurations/" + subject.name();
  }

  /** For no device: what devices do with it is not the question here. */
  private static Map<String, Object> document(long number) {
    return Map.of(
        "models",
        List.of("no-such-model"),
        "values",
        Map.of(PATH, Map.of("value", Long.toString(number))));
  }

  /** The number that a stored document holds. */
  static long number(Configuration document) {
    return Long.parseLong(document.values().get(PATH).clear().orElseThrow());
  }

  @Override
  public String toString() {
    return "editor of " + subject.name();
  }

  @Override
  public void close() {}
}
