package org.firstlight.benchmarks.shipment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.firstlight.benchmarks.process.OurServer;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.benchmarks.process.Server;
import org.firstlight.cli.ApiClient;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.pem.PemFiles;

/** One list, as a manufacturer signs it with openssl, from its first byte to its last line. */
final class ImportBench {
  private static final List<String> JVM = List.of("-Xmx512m");
  private static final int PIECE = 4 * 1024 * 1024;
  private static final long BETWEEN_LOOKS_MS = 200;
  private static final double NANOS = 1e9;
  private static final Set<String> ENDED = Set.of("DONE", "REFUSED", "FAILED");

  private final Path folder;
  private final int lines;
  private final Consumer<String> log;

  ImportBench(Path folder, int lines, Consumer<String> log) {
    this.folder = folder;
    this.lines = lines;
    this.log = log;
  }

  /**
   * @param killedAt lines that were applied when the server was killed
   * @param linesPerSecond while a server ran: its start anew is not counted
   * @param liveHeap bytes, the most of some looks after full collections
   * @param whole whether each line was taken, once
   */
  record Figures(
      int killedAt,
      double linesPerSecond,
      double liveHeap,
      double redisBytesPerDevice,
      boolean whole) {}

  Figures measure() throws IOException, InterruptedException {
    try (RedisProcess redis = RedisProcess.start(folder.resolve("redis"))) {
      Path list = write();
      Server first = OurServer.start(folder, redis, JVM);
      String id;
      long began;
      long before;
      int killedAt;
      long heap;
      try {
        id = begin(OurServer.api(folder), list);
        before = redis.usedMemory();
        send(OurServer.api(folder), id, list);
        log.accept("sent");
        began = System.nanoTime();
        killedAt = await(id, lines / 2);
        heap = first.process().liveHeap();
      } finally {
        ProcessHandle.of(first.process().pid()).ifPresent(ProcessHandle::destroyForcibly);
        first.close();
      }
      double seconds = (System.nanoTime() - began) / NANOS;
      log.accept("killed at " + killedAt);
      try (Server second = OurServer.start(folder, redis, JVM)) {
        began = System.nanoTime();
        await(id, lines - lines / 8);
        heap = Math.max(heap, second.process().liveHeap());
        await(id, Integer.MAX_VALUE);
        seconds += (System.nanoTime() - began) / NANOS;
        JsonNode end = OurServer.api(folder).get("/shipments/" + id);
        log.accept(end.toString());
        int taken = end.path("accepted").asInt() + end.path("unchanged").asInt();
        long devices = OurServer.api(folder).get("/device-counts").path("total").asLong();
        return new Figures(
            killedAt,
            lines / seconds,
            heap,
            (double) (redis.usedMemory() - before) / lines,
            taken == lines && devices == lines);
      }
    }
  }

  /** Until so many lines are applied, or all. */
  private int await(String id, int applied) throws InterruptedException {
    while (true) {
      JsonNode list = OurServer.api(folder).get("/shipments/" + id);
      if (list.path("lines").asInt() >= applied || ENDED.contains(list.path("state").asText())) {
        return list.path("lines").asInt();
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
    }
  }

  private String begin(ApiClient api, Path list) throws IOException, InterruptedException {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=shipping"
            + " -keyout key.pem -out signer.pem");
    openssl(
        "cms -sign -binary -in list.ndjson -signer signer.pem -inkey key.pem -outform DER"
            + " -out list.p7s");
    api.put(
        "/manufacturers/acme",
        Map.of(
            "name",
            "Acme",
            "anchors",
            List.of(PemFiles.toPem(Authority.create("Acme CA", Instant.now()).certificate())),
            "identityRule",
            "COMMON_NAME",
            "namespace",
            "urn:acme:",
            "shipmentSigners",
            List.of(Files.readString(folder.resolve("signer.pem")))));
    byte[] signature = Files.readAllBytes(folder.resolve("list.p7s"));
    return api.post(
            "/shipments",
            Map.of(
                "manufacturer",
                "acme",
                "size",
                Files.size(list),
                "sha256",
                sha256(list),
                "signature",
                Base64.getEncoder().encodeToString(signature)))
        .path("id")
        .asText();
  }

  private static void send(ApiClient api, String id, Path list) throws IOException {
    try (InputStream in = Files.newInputStream(list)) {
      long offset = 0;
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        api.putBytes(
            "/shipments/%s/content?offset=%d".formatted(id, offset), ByteBuffer.wrap(piece));
        offset += piece.length;
      }
    }
  }

  /** With a claim code and a factory key each, and an EID, as real ones have them. */
  private Path write() throws IOException {
    Path list = folder.resolve("list.ndjson");
    try (BufferedWriter out = Files.newBufferedWriter(list)) {
      for (int i = 0; i < lines; i++) {
        out.write(
            """
            {"endpointName":"urn:acme:%1$07d","manufacturer":"acme","factoryId":"%1$07d",\
            "model":"tracker-1","serialNumber":"%1$07d","eid":"%2$s","claimCodeSha256":"%3$s",\
            "factoryKeySha256":"%4$s"}
            """
                .formatted(i, eid(i), sha256("code" + i), sha256("key" + i)));
      }
    }
    return list;
  }

  /** Check digits as SGP.02 §2.2.2 wants them: the whole number leaves 1 when divided by 97. */
  private static String eid(int i) {
    String body = "8904903200000000%014d".formatted(i);
    java.math.BigInteger number = new java.math.BigInteger(body + "00");
    int check = 98 - number.mod(java.math.BigInteger.valueOf(97)).intValue();
    return body + "%02d".formatted(check);
  }

  private static String sha256(String text) {
    return HexFormat.of()
        .formatHex(digest().digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        digest.update(piece);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void openssl(String words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException("openssl: " + said);
    }
  }
}
