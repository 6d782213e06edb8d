package org.firstlight.benchmarks.restart;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.benchmarks.handshake.Credentials;
import org.firstlight.benchmarks.handshake.DtlsDevice;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * Devices that have a connection and say nothing. {@code speak}: each sends a CoAP ping; answers
 * with how many got their answer, and in how many milliseconds. {@code shift}: half of them have
 * other addresses then.
 */
public final class SleepersMain {
  private static final int AT_ONCE = 64;

  private SleepersMain() {}

  /**
   * @param arguments the folder of credentials, how many devices, the server's port
   */
  public static void main(String[] arguments) throws Exception {
    CryptoProvider.install(List.of(CryptoProvider.values()));
    Path folder = Path.of(arguments[0]);
    X509Certificate trust = Credentials.certificate(folder, "trust");
    ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    try (ShiftingNat nat = new ShiftingNat(Integer.parseInt(arguments[2]))) {
      List<DtlsDevice> all = new ArrayList<>();
      for (Credentials.Credential one :
          Credentials.devices(folder, Integer.parseInt(arguments[1]))) {
        all.add(new DtlsDevice(one, trust, nat.address(), threads));
      }
      System.out.println("ready");
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("shift")) {
          nat.shift();
          System.out.println("ok");
        } else {
          System.out.println(speak(all));
        }
      }
    }
    System.exit(0);
  }

  private static String speak(List<DtlsDevice> all) throws InterruptedException {
    long begun = System.nanoTime();
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicInteger heard = new AtomicInteger();
    ScheduledExecutorService drivers = Executors.newScheduledThreadPool(AT_ONCE);
    for (DtlsDevice one : all) {
      free.acquire();
      drivers.execute(
          () -> {
            if (one.ping()) {
              heard.incrementAndGet();
            }
            free.release();
          });
    }
    free.acquire(AT_ONCE);
    drivers.shutdown();
    return "%d %.0f".formatted(heard.get(), (System.nanoTime() - begun) / 1e6);
  }
}
