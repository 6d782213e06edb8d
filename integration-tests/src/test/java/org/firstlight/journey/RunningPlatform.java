package org.firstlight.journey;

/** The platform as it runs at present, wherever that is. */
interface RunningPlatform {
  /** As on SIGTERM. */
  void stop();

  /** As {@code kill -9}: both servers at once; their Redis lives on. */
  void kill();
}
