package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.firstlight.dm.api.ListSigning.Signer;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed shipment lists, as a manufacturer brings them; good ones and bad ones. */
class ShipmentsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instant NOW = Instant.now();
  private static final Authority CA = Authority.create("Lister device CA", NOW);
  private static final Authority OTHER_CA = Authority.create("Other device CA", NOW);
  private static final Signer SIGNER = ListSigning.signer("Lister shipping", NOW, 365);
  private static final Signer EXPIRED = ListSigning.signer("Lister once", NOW.minusSeconds(99), 0);
  private static final Signer OTHER_SIGNER = ListSigning.signer("Lister new", NOW, 365);
  private static final Signer OTHER = ListSigning.signer("Other shipping", NOW, 365);

  @TempDir static Path folder;
  private static RunningApi api;
  private static RunningApi.Caller lister;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, 1);
    maker(RunningApi.MAKER, CA, SIGNER, EXPIRED);
    maker("other", OTHER_CA, OTHER);
    lister = api.as(api.token(RunningApi.MAKER));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static void maker(String id, Authority ca, Signer... signers) throws Exception {
    Reply put = api.as(api.administrator).put("/manufacturers/" + id, document(id, ca, signers));
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.body().path("shipmentSigners")).hasSize(signers.length);
  }

  private static String document(String id, Authority ca, Signer... signers) throws Exception {
    return RunningApi.JSON.writeValueAsString(
        Map.of(
            "name",
            id,
            "anchors",
            List.of(PemFiles.toPem(ca.certificate())),
            "identityRule",
            "COMMON_NAME",
            "namespace",
            "urn:%s:".formatted(id),
            "shipmentSigners",
            List.of(signers).stream().map(one -> PemFiles.toPem(one.certificate())).toList()));
  }

  private static String line(String maker, String id) {
    return """
        {"endpointName":"urn:%1$s:%2$s","manufacturer":"%1$s","factoryId":"%2$s","model":"m",\
        "serialNumber":"%2$s","claimCodeSha256":"%3$s"}"""
        .formatted(
            maker, id, Certificates.hexSha256((maker + id).getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] list(String prefix, int lines) {
    return IntStream.range(0, lines)
        .mapToObj(i -> line(RunningApi.MAKER, prefix + i))
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Reply announce(RunningApi.Caller by, byte[] list, Optional<byte[]> signature)
      throws Exception {
    return announce(by, list, Certificates.hexSha256(list), signature);
  }

  private static Reply announce(
      RunningApi.Caller by, byte[] list, String sha256, Optional<byte[]> signature)
      throws Exception {
    Map<String, Object> body = new HashMap<>();
    body.put("manufacturer", RunningApi.MAKER);
    body.put("size", list.length);
    body.put("sha256", sha256);
    signature.ifPresent(der -> body.put("signature", Base64.getEncoder().encodeToString(der)));
    return by.post("/shipments", RunningApi.JSON.writeValueAsString(body));
  }

  private static Reply send(String id, long offset, byte[] bytes) throws Exception {
    return lister.send(
        "PUT",
        "/shipments/%s/content?offset=%d".formatted(id, offset),
        new String(bytes, StandardCharsets.UTF_8),
        "application/octet-stream");
  }

  private static JsonNode bring(byte[] list) throws Exception {
    Reply begun = announce(lister, list, Optional.of(SIGNER.sign(list)));
    assertThat(begun.status()).as(begun.text()).isEqualTo(201);
    String id = begun.body().path("id").asText();
    Reply sent = send(id, 0, list);
    assertThat(sent.status()).as(sent.text()).isEqualTo(200);
    return ended(id);
  }

  private static JsonNode ended(String id) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> lister.get("/shipments/" + id).body(),
            list -> List.of("DONE", "REFUSED", "FAILED").contains(list.path("state").asText()));
  }

  private static List<JsonNode> report(String id) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : lister.get("/shipments/" + id + "/report").text().lines().toList()) {
      lines.add(RunningApi.JSON.readTree(line));
    }
    return lines;
  }

  private static boolean isThere(String id) throws Exception {
    return lister.get("/devices/" + RunningApi.path("urn:acme:" + id)).status() == 200;
  }

  @Test
  void signed_list_is_applied_in_pieces_and_the_same_again_changes_nothing() throws Exception {
    byte[] list = list("good-", 5000);
    Reply begun = announce(lister, list, Optional.of(SIGNER.sign(list)));
    String id = begun.body().path("id").asText();
    int cut = list.length / 3;

    byte[] first = java.util.Arrays.copyOf(list, cut);
    byte[] rest = java.util.Arrays.copyOfRange(list, cut, list.length);
    assertThat(send(id, 0, first).body().path("received").asInt()).isEqualTo(cut);
    assertThat(lister.get("/shipments/" + id + "/report").text()).isEmpty();

    // whoever lost the answer asks again where it is
    Reply wrong = send(id, 0, first);
    assertThat(wrong.status()).isEqualTo(409);
    assertThat(wrong.detail()).isEqualTo("offset: %d is wanted".formatted(cut));
    Reply again = announce(lister, list, Optional.of(SIGNER.sign(list)));
    assertThat(again.body().path("received").asInt()).isEqualTo(cut);
    assertThat(isThere("good-0")).isFalse();

    assertThat(send(id, cut, rest).status()).isEqualTo(200);
    JsonNode done = ended(id);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("DONE");
    assertThat(done.path("accepted").asInt()).isEqualTo(5000);
    assertThat(done.path("signer").asText()).isEqualTo(Certificates.sha256(SIGNER.certificate()));
    assertThat(isThere("good-4999")).isTrue();
    assertThat(report(id)).hasSize(1).last().matches(end -> end.path("end").asBoolean());

    assertThat(lister.delete("/shipments/" + id).status()).isEqualTo(204);
    JsonNode replayed = bring(list);
    assertThat(replayed.path("unchanged").asInt()).isEqualTo(5000);
    assertThat(replayed.path("accepted").asInt()).isZero();
    assertThat(lister.get("/audit").text()).contains("shipment.begin").contains("shipment.end");
  }

  @Test
  void each_bad_line_is_in_the_report_once_by_its_number() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 4500; i++) {
      lines.add(i % 2 == 0 ? line(RunningApi.MAKER, "mixed-" + i) : "{\"model\":" + i);
    }
    lines.set(10, line("other", "theirs"));
    lines.set(12, line(RunningApi.MAKER, "mixed-0"));
    lines.set(14, line(RunningApi.MAKER, "mixed-0").replace("\"model\":\"m\"", "\"model\":\"n\""));
    lines.set(16, "\"" + "x".repeat(5000) + "\"");
    lines.set(18, line(RunningApi.MAKER, "mixed-18").replace("urn:acme:mixed-18", "urn:acme:x"));
    lines.add("");
    lines.add(line(RunningApi.MAKER, "mixed-last").substring(0, 40));

    JsonNode done = bring(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));

    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("DONE");
    assertThat(done.path("refused").asInt()).isEqualTo(2250 + 4 + 1);
    assertThat(done.path("unchanged").asInt()).isEqualTo(1);
    assertThat(done.path("accepted").asInt()).isEqualTo(2250 - 5);
    assertThat(done.path("lines").asInt()).isEqualTo(4502);
    List<JsonNode> report = report(done.path("id").asText());
    JsonNode end = report.remove(report.size() - 1);
    assertThat(end.path("refused").asInt()).isEqualTo(report.size()).isEqualTo(2255);
    List<Integer> numbers = report.stream().map(one -> one.path("line").asInt()).toList();
    assertThat(numbers).isSorted().doesNotHaveDuplicates().contains(2, 11, 15, 17, 19, 4502);
    assertThat(reason(report, 11)).contains("not the one whose list this is");
    assertThat(reason(report, 15)).contains("differs");
    assertThat(reason(report, 17)).contains("more than 4096 bytes");
    assertThat(reason(report, 19)).contains("its manufacturer's rule");
    assertThat(reason(report, 2)).isEqualTo("model: is not a text");
  }

  private static String reason(List<JsonNode> report, int line) {
    return report.stream()
        .filter(one -> one.path("line").asInt() == line)
        .map(one -> one.path("reason").asText())
        .collect(Collectors.joining());
  }

  @Test
  void signature_that_is_not_the_manufacturers_is_refused_before_a_byte_comes() throws Exception {
    byte[] list = list("never-", 2);
    KeyPair key = Authority.newKeyPair();
    Signer device = ListSigning.issued(CA, "device-1", key);
    Map<String, byte[]> wrong =
        Map.of(
            "none of the certificates", OTHER.sign(list),
            "none of the certificates that", device.sign(list),
            "expired", EXPIRED.sign(list),
            "SHA-256, SHA-384 or SHA-512", SIGNER.signWithSha1(list),
            "holds content", SIGNER.signAround(list),
            "not a CMS", "no CMS at all".getBytes(StandardCharsets.UTF_8),
            "not a CMS SignedData", nested(),
            "more than 16384 bytes", new byte[20_000]);
    for (Map.Entry<String, byte[]> one : wrong.entrySet()) {
      Reply refused = announce(lister, list, Optional.of(one.getValue()));
      assertThat(refused.status()).as(one.getKey() + refused).isEqualTo(400);
      assertThat(refused.detail()).startsWith("signature: ").contains(one.getKey());
    }
    Reply unsigned = announce(lister, list, Optional.empty());
    assertThat(unsigned.status()).isEqualTo(400);
    assertThat(unsigned.detail()).startsWith("signature: is missing");
    assertThat(announce(lister, list, "zz", Optional.of(SIGNER.sign(list))).status())
        .isEqualTo(400);
    // nor by the way that takes lists unsigned
    Reply direct = lister.ndjson("/devices", line(RunningApi.MAKER, "never-0"));
    assertThat(direct.text()).contains("its lists are signed");
    assertThat(isThere("never-0")).isFalse();
  }

  /** Thousands of sequences in each other. */
  private static byte[] nested() {
    byte[] der = new byte[16_000];
    for (int i = 0; i < der.length; i += 2) {
      der[i] = 0x30;
      der[i + 1] = (byte) 0x80;
    }
    return der;
  }

  @Test
  void bytes_that_are_not_the_signed_ones_have_no_effect() throws Exception {
    byte[] list = list("tampered-", 3);
    byte[] changed = list.clone();
    changed[list.length - 4] ^= 1;

    Reply announced = announce(lister, changed, Optional.of(SIGNER.sign(list)));
    String id = announced.body().path("id").asText();
    send(id, 0, changed);
    JsonNode tampered = ended(id);
    assertThat(tampered.path("state").asText()).isEqualTo("REFUSED");
    assertThat(tampered.path("reason").asText()).contains("signature: is not over this list");

    Reply other = announce(lister, list, Optional.of(SIGNER.sign(list)));
    String digest = other.body().path("id").asText();
    send(digest, 0, changed);
    JsonNode swapped = ended(digest);
    assertThat(swapped.path("state").asText()).isEqualTo("REFUSED");
    assertThat(swapped.path("reason").asText()).contains("SHA-256 that was announced");
    assertThat(report(digest)).hasSize(1);
    assertThat(isThere("tampered-0")).isFalse();

    // brought again as it is, it begins anew
    assertThat(bring(list).path("accepted").asInt()).isEqualTo(3);
  }

  @Test
  void too_many_bytes_and_too_large_lists_are_refused() throws Exception {
    byte[] list = list("long-", 2);
    String id = announce(lister, list, Optional.of(SIGNER.sign(list))).body().path("id").asText();
    Reply more = send(id, 0, list("long-", 900));
    assertThat(more.status()).isEqualTo(400);
    assertThat(more.detail()).contains("more bytes than");
    assertThat(send(id, -1, list).status()).isEqualTo(400);
    Reply huge =
        lister.post(
            "/shipments",
            """
            {"manufacturer":"acme","size":3000000000,"sha256":"%s"}"""
                .formatted("0".repeat(64)));
    assertThat(huge.status()).isEqualTo(400);
    assertThat(huge.detail()).startsWith("size: ");
  }

  @Test
  void same_list_at_the_same_time_is_one_list() throws Exception {
    byte[] list = list("twice-", 2000);
    byte[] signature = SIGNER.sign(list);
    HttpClient client = HttpClient.newHttpClient();
    List<String> ids =
        IntStream.range(0, 4)
            .parallel()
            .mapToObj(
                i -> {
                  try {
                    return announce(lister, list, Optional.of(signature))
                        .body()
                        .path("id")
                        .asText();
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                })
            .filter(id -> !id.isEmpty())
            .distinct()
            .toList();
    assertThat(ids).hasSize(1);
    List<Integer> answers =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    client.sendAsync(
                        HttpRequest.newBuilder(
                                api.uri("/shipments/" + ids.get(0) + "/content?offset=0"))
                            .header("Authorization", "Bearer " + api.administrator)
                            .header("Content-Type", "application/octet-stream")
                            .PUT(BodyPublishers.ofByteArray(list))
                            .build(),
                        BodyHandlers.discarding()))
            .toList()
            .stream()
            .map(answer -> answer.join().statusCode())
            .sorted()
            .toList();
    assertThat(answers).containsExactly(200, 409, 409, 409);
    JsonNode done = ended(ids.get(0));
    assertThat(done.path("accepted").asInt()).isEqualTo(2000);
    assertThat(done.path("refused").asInt()).isZero();
  }

  private static Path spooled(String id, String kind) {
    return folder.resolve("data/shipments/" + id + kind);
  }

  @Test
  void piece_that_a_full_disk_does_not_take_is_said_to_be_missing_and_comes_again()
      throws Exception {
    byte[] list = list("disk-", 40);
    String half = new String(list, StandardCharsets.UTF_8).substring(0, list.length / 2);
    Reply begun = announce(lister, list, Optional.of(SIGNER.sign(list)));
    String id = begun.body().path("id").asText();
    assertThat(send(id, 0, half.getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(200);
    Path kept = Files.move(spooled(id, ".ndjson"), folder.resolve("kept"));
    Files.createSymbolicLink(spooled(id, ".ndjson"), Path.of("/dev/full"));
    byte[] rest = Arrays.copyOfRange(list, half.length(), list.length);

    Reply full = send(id, half.length(), rest);

    assertThat(full.status()).isEqualTo(409);
    assertThat(full.detail()).isEqualTo("this node cannot store it; its log says why");
    assertThat(lister.get("/shipments/" + id).body().path("received").asInt())
        .isEqualTo(half.length());
    Files.move(kept, spooled(id, ".ndjson"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(send(id, half.length(), rest).status()).isEqualTo(200);
    assertThat(ended(id).path("accepted").asInt()).isEqualTo(40);
  }

  @Test
  void list_that_is_deleted_while_it_is_applied_stops_and_leaves_no_file() throws Exception {
    byte[] list = list("deleted-", 30_000);
    Reply begun = announce(lister, list, Optional.of(SIGNER.sign(list)));
    String id = begun.body().path("id").asText();
    assertThat(send(id, 0, list).status()).isEqualTo(200);
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lister.get("/shipments/" + id).body().path("lines").asInt() > 0);

    assertThat(lister.delete("/shipments/" + id).status()).isEqualTo(204);

    assertThat(lister.get("/shipments/" + id).status()).isEqualTo(404);
    await()
        .untilAsserted(
            () -> {
              assertThat(spooled(id, ".ndjson")).doesNotExist();
              assertThat(spooled(id, ".report")).doesNotExist();
            });
    // the one worker is free again, and has not gone on to the end
    assertThat(bring(list("after-", 1)).path("state").asText()).isEqualTo("DONE");
    assertThat(isThere("deleted-0")).as("what was applied stays").isTrue();
    assertThat(isThere("deleted-29999")).isFalse();
  }

  @Test
  void deleted_list_that_begins_again_at_once_waits_until_the_first_is_gone() throws Exception {
    byte[] list = list("again-", 30_000);
    byte[] signature = SIGNER.sign(list);
    String id = announce(lister, list, Optional.of(signature)).body().path("id").asText();
    assertThat(send(id, 0, list).status()).isEqualTo(200);
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lister.get("/shipments/" + id).body().path("lines").asInt() > 0);
    assertThat(lister.delete("/shipments/" + id).status()).isEqualTo(204);

    // other bytes of the same length under the same announcement: never applied
    byte[] forged = list("evil_-", 30_000);
    assertThat(forged).hasSameSizeAs(list);
    await().until(() -> announce(lister, list, Optional.of(signature)).status() == 201);
    assertThat(send(id, 0, forged).status()).isEqualTo(200);
    assertThat(ended(id).path("state").asText()).isEqualTo("REFUSED");
    assertThat(isThere("evil_-0")).isFalse();
    assertThat(spooled(id, ".ndjson")).as("what is refused takes no room").doesNotExist();
  }

  @Test
  void signer_that_is_taken_out_of_the_record_ends_what_it_signed() throws Exception {
    byte[] list = list("signer-", 30_000);
    String id = announce(lister, list, Optional.of(SIGNER.sign(list))).body().path("id").asText();
    assertThat(send(id, 0, list).status()).isEqualTo(200);
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lister.get("/shipments/" + id).body().path("lines").asInt() > 0);
    RunningApi.Caller admin = api.as(api.administrator);
    String path = "/manufacturers/" + RunningApi.MAKER;
    try {
      String etag = admin.get(path).response().headers().firstValue("ETag").orElseThrow();
      Reply put =
          admin.plus("If-Match", etag).put(path, document(RunningApi.MAKER, CA, OTHER_SIGNER));
      assertThat(put.status()).as(put.text()).isEqualTo(200);

      JsonNode ended = ended(id);
      assertThat(ended.path("state").asText()).isEqualTo("FAILED");
      assertThat(ended.path("reason").asText()).contains("signer");
    } finally {
      String etag = admin.get(path).response().headers().firstValue("ETag").orElseThrow();
      admin.plus("If-Match", etag).put(path, document(RunningApi.MAKER, CA, SIGNER, EXPIRED));
    }
  }

  @Test
  void list_that_another_node_has_is_asked_for_there() throws Exception {
    byte[] list = list("elsewhere-", 3);
    String id = announce(lister, list, Optional.of(SIGNER.sign(list))).body().path("id").asText();
    Stored<ShipmentList> here = api.state.find(Kinds.SHIPMENT, id).orElseThrow();
    ShipmentList one = here.value();
    ShipmentList moved =
        new ShipmentList(
            one.id(),
            one.manufacturer(),
            one.size(),
            one.sha256(),
            one.signature(),
            one.signer(),
            "node-b",
            one.by(),
            one.state(),
            one.received(),
            one.progress(),
            one.reason(),
            one.createdAt(),
            one.changedAt());
    api.state.commit(Change.in(id).put(Kinds.SHIPMENT, id, here.version(), moved).build());

    for (Reply asked :
        List.of(
            send(id, 0, list),
            lister.get("/shipments/" + id + "/report"),
            lister.delete("/shipments/" + id))) {
      assertThat(asked.status()).isEqualTo(409);
      assertThat(asked.detail()).isEqualTo("node node-b has this list: ask it");
    }
    assertThat(lister.get("/shipments/" + id).status()).isEqualTo(200);
  }

  @Test
  void lists_are_seen_by_their_manufacturer_and_the_platform_operator_alone() throws Exception {
    byte[] list = list("seen-", 1);
    String id = bring(list).path("id").asText();
    RunningApi.Caller rival = api.as(api.token(RunningApi.PROVIDER));

    assertThat(lister.get("/shipments").text()).contains(id);
    assertThat(api.as(api.administrator).get("/shipments/" + id).status()).isEqualTo(200);
    assertThat(rival.get("/shipments").status()).isEqualTo(403);
    Reply foreign =
        lister.post(
            "/shipments",
            """
            {"manufacturer":"other","size":1,"sha256":"%s"}"""
                .formatted("0".repeat(64)));
    assertThat(foreign.status()).isEqualTo(404);
  }

  @Test
  void platform_operator_may_bring_a_list_unsigned() throws Exception {
    byte[] list = list("unsigned-", 1);
    Reply begun = announce(api.as(api.administrator), list, Optional.empty());
    assertThat(begun.body().path("signed").asBoolean()).isFalse();
    send(begun.body().path("id").asText(), 0, list);
    assertThat(ended(begun.body().path("id").asText()).path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void signers_are_certificates_of_their_own() throws Exception {
    RunningApi.Caller administrator = api.as(api.administrator);
    for (String wrong :
        List.of(
            document("other", OTHER_CA, SIGNER),
            document("other", OTHER_CA, new Signer(OTHER_CA.key(), OTHER_CA.certificate())),
            document("other", OTHER_CA, new Signer(CA.key(), CA.certificate())),
            document("other", OTHER_CA, OTHER, OTHER))) {
      Reply refused = administrator.put("/manufacturers/other", wrong);
      assertThat(refused.status()).as(refused.text()).isEqualTo(400);
      assertThat(refused.detail()).startsWith("shipmentSigners[");
    }
  }

  @Test
  void openssl_signs_a_list() throws Exception {
    byte[] list = list("openssl-", 2);
    Path in = Files.write(folder.resolve("list.ndjson"), list);
    Path signer = folder.resolve("signer.pem");
    Path key = folder.resolve("key.pem");
    Path out = folder.resolve("list.p7s");
    Files.writeString(signer, PemFiles.toPem(SIGNER.certificate()));
    Files.writeString(
        key,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(SIGNER.key().getEncoded())));
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "cms",
                "-sign",
                "-binary",
                "-in",
                in.toString(),
                "-signer",
                signer.toString(),
                "-inkey",
                key.toString(),
                "-outform",
                "DER",
                "-out",
                out.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(openssl.waitFor()).isZero();

    Reply begun = announce(lister, list, Optional.of(Files.readAllBytes(out)));
    assertThat(begun.status()).as(begun.text()).isEqualTo(201);
    send(begun.body().path("id").asText(), 0, list);
    assertThat(ended(begun.body().path("id").asText()).path("accepted").asInt()).isEqualTo(2);
  }
}
