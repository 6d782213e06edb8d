package org.firstlight.benchmarks.state;

import java.util.Arrays;

/** What is measured. */
enum Subject {
  TUNED("leshan-redis-tuned"),
  OURS("firstlight"),
  STOCK("leshan-redis"),
  MEMORY("leshan-memory"),
  ECHO("californium-echo");

  private final String word;

  Subject(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  boolean isOnRedis() {
    return this != MEMORY && this != ECHO;
  }

  static Subject of(String word) {
    return Arrays.stream(values())
        .filter(subject -> subject.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such subject: " + word));
  }
}
