package org.firstlight.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The devices of a run: their names, and the registration ids that the server gave them. */
public final class Devices {
  private final byte[] @Nullable [] registrationIds;

  public Devices(int count) {
    registrationIds = new byte[count][];
  }

  /** Devices that are registered already: one registration id a line, in order. */
  static Devices registered(Path file, int count) throws IOException {
    Devices devices = new Devices(count);
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (int i = 0; i < count; i++) {
        devices.registered(i, lines.readLine());
      }
    }
    return devices;
  }

  /** Endpoint Client Name of the n-th device, from 0. */
  public static String name(int device) {
    return "urn:dev:ops:32473-bench-%07d".formatted(device);
  }

  int count() {
    return registrationIds.length;
  }

  void registered(int device, String id) {
    registrationIds[device] = id.getBytes(US_ASCII);
  }

  byte[] registrationId(int device) {
    byte[] id = registrationIds[device];
    return id == null ? CoapMessage.NOTHING : id;
  }
}
