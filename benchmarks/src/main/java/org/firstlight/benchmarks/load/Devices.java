package org.firstlight.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The devices of a run: their names, and the registration ids that the server gave them. */
public final class Devices {
  /** What each registers with: the Objects of an ordinary cellular device, in 189 bytes. */
  public static final String OBJECT_LINKS =
      "</>;rt=\"oma.lwm2m\",</1>;ver=1.1,</1/0>,</2>,</3>;ver=1.1,</3/0>,</4>;ver=1.2,</4/0>,"
          + "</5/0>,</16/0>,</7/0>,</9/0>,</11/0>,</13/0>,</3303/0>,</3303/1>,</3304/0>,</3305/0>,"
          + "</3306/0>,</3347/12>";

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
