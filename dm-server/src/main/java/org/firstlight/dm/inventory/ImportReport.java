package org.firstlight.dm.inventory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** What became of an imported list, line by line. */
public final class ImportReport {
  private static final int MOST_TOLD = 1000;

  private final List<Refusal> refused = new ArrayList<>();
  private int accepted;
  private int refusedCount;

  /**
   * @param line from 1
   * @param reason a sentence for the one who made the list
   */
  public record Refusal(int line, String reason) {}

  public synchronized void accept() {
    accepted++;
  }

  public synchronized void refuse(int line, String reason) {
    refusedCount++;
    if (refused.size() < MOST_TOLD) {
      refused.add(new Refusal(line, reason));
    }
  }

  public synchronized int accepted() {
    return accepted;
  }

  /** The first thousand, by line. */
  public synchronized List<Refusal> refused() {
    List<Refusal> sorted = new ArrayList<>(refused);
    sorted.sort(Comparator.comparingInt(Refusal::line));
    return Collections.unmodifiableList(sorted);
  }

  public synchronized int refusedCount() {
    return refusedCount;
  }
}
