package org.firstlight.badluck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What clients were told, on their own side. An effect is a number that its subject shall hold, the
 * next one greater: a lifetime, a value in a document, the 1 of what is there or not. An effect
 * whose answer never came stays open: it may be there or not, and so it is never lost.
 */
final class Ledger {
  /** Classes of record, as the design promises them. */
  enum Kind {
    /** A device's registration and its Updates. */
    REGISTRATION,
    /** A configuration document that people edit. */
    CONFIGURATION,
    /** A device that its manufacturer announced. */
    IMPORT,
    /** A device that its owner claimed. */
    CLAIM,
    /** The keys that were issued to a client. */
    CREDENTIAL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One thing that clients write. */
  record Subject(Kind kind, String name) {}

  /**
   * An acknowledged effect that is not there.
   *
   * @param found what is there in its place
   */
  record Lost(Subject subject, long number, Instant acknowledged, OptionalLong found) {}

  /**
   * Acknowledged to whoever waited through a loss: it was stored before that, and what a loss may
   * take it may take of this, whenever the answer came.
   */
  static final Instant TOO_LATE = Instant.MAX;

  /** One subject's history, without what is known to be lost. */
  private static final class Account {
    final TreeMap<Long, Instant> acknowledged = new TreeMap<>();
    final TreeSet<Long> open = new TreeSet<>();
    final TreeSet<Long> openAtLoss = new TreeSet<>();
    long perhapsDone;
  }

  private final Map<Subject, Account> accounts = new ConcurrentHashMap<>();
  private final Map<Kind, AtomicLong> totals = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> registers = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> doubtfulRegisters = new ConcurrentHashMap<>();
  private final AtomicLong registeredAnew = new AtomicLong();
  private final Map<Kind, AtomicLong> unavailable = new ConcurrentHashMap<>();
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

  void attempted(Subject subject, long number) {
    Account account = account(subject);
    synchronized (account) {
      account.open.add(number);
      account.perhapsDone++;
    }
  }

  void acknowledged(Subject subject, long number) {
    Account account = account(subject);
    synchronized (account) {
      account.open.remove(number);
      account.acknowledged.put(
          number, account.openAtLoss.remove(number) ? TOO_LATE : Instant.now());
    }
    totals.computeIfAbsent(subject.kind(), kind -> new AtomicLong()).incrementAndGet();
  }

  /** 503: it may be done or not. */
  void unavailable(Kind kind) {
    unavailable.computeIfAbsent(kind, fresh -> new AtomicLong()).incrementAndGet();
  }

  /** How often a client was told 503 so far. */
  long unavailables(Kind kind) {
    AtomicLong count = unavailable.get(kind);
    return count == null ? 0 : count.get();
  }

  /** It was surely not done. */
  void refused(Subject subject, long number) {
    Account account = account(subject);
    synchronized (account) {
      account.open.remove(number);
      account.perhapsDone--;
    }
  }

  /**
   * A Register and its event: one if it was acknowledged, perhaps none if it was not; and perhaps
   * one more if it was sent again, for a server that was started meanwhile did not know the first.
   */
  void register(String endpointName, boolean acknowledged, boolean sentOnce) {
    count(acknowledged ? registers : doubtfulRegisters, endpointName);
    if (!sentOnce) {
      count(doubtfulRegisters, endpointName);
    }
  }

  /** A device was told 4.04 for a registration that it was told it had, and registers anew. */
  void unknownToServer() {
    registeredAnew.incrementAndGet();
  }

  /** An answer that no fault excuses. */
  void surprise(String words) {
    surprises.add(words);
  }

  /** The number that was acknowledged last; less than any if none was. */
  long lastAcknowledged(Subject subject) {
    Account account = account(subject);
    synchronized (account) {
      return account.acknowledged.isEmpty() ? Long.MIN_VALUE : account.acknowledged.lastKey();
    }
  }

  /**
   * Compares a subject with what was found; from now on it is what counts. What was before it is
   * remembered: power that goes twice within a moment takes the subject back behind it.
   *
   * @param last the number that was acknowledged last when it was looked for: clients may go on
   * @param found the number that is stored; empty if nothing is
   * @return the acknowledged effects up to {@code last} that are younger than that
   */
  List<Lost> settle(Subject subject, long last, OptionalLong found) {
    Account account = account(subject);
    synchronized (account) {
      if (found.isPresent() && !knows(account, found.getAsLong())) {
        surprise("%s holds %d, which nobody wrote".formatted(subject, found.getAsLong()));
      }
      List<Lost> lost = new ArrayList<>();
      long there = found.orElse(Long.MIN_VALUE);
      if (there < last) {
        Map<Long, Instant> gone = account.acknowledged.subMap(there, false, last, true);
        gone.forEach((number, at) -> lost.add(new Lost(subject, number, at, found)));
        gone.clear();
      }
      found.ifPresent(number -> account.acknowledged.putIfAbsent(number, Instant.now()));
      return lost;
    }
  }

  private static boolean knows(Account account, long number) {
    return account.acknowledged.containsKey(number) || account.open.contains(number);
  }

  /** Something that may be lost was lost: what has no answer now may have gone with it. */
  void lossHappened() {
    for (Account account : accounts.values()) {
      synchronized (account) {
        account.openAtLoss.addAll(account.open);
      }
    }
  }

  /** Whether it was found when last looked at. */
  boolean holds(Subject subject) {
    Account account = account(subject);
    synchronized (account) {
      return !account.acknowledged.isEmpty();
    }
  }

  /** How often it can have been written at most, ever. */
  long mostWrites(Subject subject) {
    Account account = account(subject);
    synchronized (account) {
      return account.perhapsDone;
    }
  }

  /** Every subject of a kind that somebody tried to write. */
  Set<Subject> subjects(Kind kind) {
    return accounts.keySet().stream()
        .filter(subject -> subject.kind() == kind)
        .collect(Collectors.toSet());
  }

  /** Effects acknowledged so far. */
  long total(Kind kind) {
    AtomicLong total = totals.get(kind);
    return total == null ? 0 : total.get();
  }

  /** That nothing of a kind was acknowledged since its total was read, for nothing could be. */
  void expectNoMore(Kind kind, long before) {
    if (total(kind) > before) {
      surprise(
          "%d of %s were acknowledged and no replica had them"
              .formatted(total(kind) - before, kind.word()));
    }
  }

  /** How many {@code device.registered} events this device may have since the last call. */
  Range takeRegisters(String endpointName) {
    long sure = take(registers, endpointName);
    return new Range(sure, sure + take(doubtfulRegisters, endpointName));
  }

  /** Both included. */
  record Range(long least, long most) {}

  long takeRegisteredAnew() {
    return registeredAnew.getAndSet(0);
  }

  List<String> takeSurprises() {
    List<String> taken = new ArrayList<>();
    for (String next = surprises.poll(); next != null; next = surprises.poll()) {
      taken.add(next);
    }
    return taken;
  }

  private Account account(Subject subject) {
    return accounts.computeIfAbsent(subject, fresh -> new Account());
  }

  private static void count(Map<String, AtomicLong> column, String name) {
    column.computeIfAbsent(name, fresh -> new AtomicLong()).incrementAndGet();
  }

  private static long take(Map<String, AtomicLong> column, String name) {
    AtomicLong count = column.get(name);
    return count == null ? 0 : count.getAndSet(0);
  }
}
