package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.dm.certificate.CertificateRevocation;
import org.firstlight.dm.certificate.IssuedCertificate;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Withdrawal;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.OperationalCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One certificate is taken back; and the CRL tells of it. */
class CertificateRevocationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** More than what a body of another kind may have. */
  private static final int LONG_LIST = 4000;

  private static final String LINKS = "</1/0>,</3/0>";

  @TempDir static Path directory;
  private static DmWorld world;
  private static CertificateRevocation revocation;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
    revocation = new CertificateRevocation(world.state, world.clock);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
  }

  private static String serial(Credential credential) {
    return OperationalCertificates.serialNumber(credential.certificate());
  }

  private static IssuedCertificate revoke(EndpointName name, Credential credential) {
    Outcome<IssuedCertificate> outcome =
        revocation.revoke(name, serial(credential), RevocationReason.KEY_COMPROMISE, any -> true);
    return outcome.result().orElseThrow();
  }

  private static Response sren(TestDevice device, EndpointName name) throws Exception {
    Request request = Request.newPost();
    request.getOptions().addUriPath("est").addUriPath("sren").setContentFormat(286);
    request.setPayload(RenewalIT.csr(DmWorld.keys(), name));
    return device.send(request).orElseThrow();
  }

  private static Optional<ResponseCode> register(Credential credential, EndpointName name) {
    return world.connect(credential).register(LINKS, DmWorld.query(name)).map(Response::getCode);
  }

  @Test
  void revoked_certificate_loses_its_connection_and_opens_none_again() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice device = world.connect(credential);
    String id = DmWorld.register(device, name);
    EndpointName other = world.bootstrapped();
    TestDevice bystander = world.connect(world.issue(other));
    String others = DmWorld.register(bystander, other);

    IssuedCertificate revoked = revoke(name, credential);

    assertThat(revoked.state()).isEqualTo(IssuedCertificate.State.REVOKED);
    assertThat(revoked.reason()).contains(RevocationReason.KEY_COMPROMISE);
    // on the connection as it may be for a moment still, and after that by a whole handshake
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).map(Response::getCode).isEmpty());
    device.resumesItsSession();
    assertThat(device.tryUpdate(id)).isEmpty();
    assertThat(register(credential, name)).isEmpty();
    assertThat(world.events(name, "operational-certificate.revoked")).hasSize(1);
    assertThat(bystander.update(others).getCode()).isEqualTo(ResponseCode.CHANGED);

    // it bootstraps again, and comes with another
    assertThat(register(world.issue(name), name)).contains(ResponseCode.CREATED);
  }

  @Test
  void revoked_on_a_connection_that_stands_it_registers_and_renews_no_more() throws Exception {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice device = world.connect(credential);
    String id = DmWorld.register(device, name);
    var all = world.state.findAll(Kinds.CERTIFICATE, name.value());
    var certificates = DeviceCertificates.of(all);
    certificates.removeAll();

    // without its event the connection stands
    world.state.commit(
        Change.in(name.value())
            .edits(certificates.edits(Instant.now(), RevocationReason.KEY_COMPROMISE))
            .registration(RegistrationEdit.EndAll.ofAnyAge())
            .build());

    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    Response refused = device.register(LINKS, DmWorld.query(name)).orElseThrow();
    assertThat(refused.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(refused.getPayloadString()).contains("revoked");
    assertThat(sren(device, name).getCode()).isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void what_was_renewed_over_it_ends_with_it_but_not_the_other_way_round() throws Exception {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice device = world.connect(credential);
    DmWorld.register(device, name);
    assertThat(sren(device, name).getCode()).isEqualTo(ResponseCode.CHANGED);

    revoke(name, credential);

    assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).isEmpty();
    assertThat(world.state.findAll(Kinds.REVOKED_CERTIFICATE, name.value())).hasSize(2);

    EndpointName second = world.bootstrapped();
    Credential current = world.issue(second);
    TestDevice holder = world.connect(current);
    String id = DmWorld.register(holder, second);
    Credential next = world.issue(second, OperationalCertificate.nextId(1));
    revoke(second, next);
    assertThat(holder.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(register(next, second)).isEmpty();
  }

  @Test
  void revoked_while_it_renews_nothing_good_is_left() throws Exception {
    for (int round = 0; round < 5; round++) {
      EndpointName name = world.bootstrapped();
      Credential credential = world.issue(name);
      TestDevice device = world.connect(credential);
      DmWorld.register(device, name);
      CompletableFuture<Void> revoking = CompletableFuture.runAsync(() -> revoke(name, credential));

      Request request = Request.newPost();
      request.getOptions().addUriPath("est").addUriPath("sren").setContentFormat(286);
      request.setPayload(RenewalIT.csr(DmWorld.keys(), name));
      device.send(request);
      revoking.join();

      assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).isEmpty();
    }
  }

  @Test
  void revoked_twice_it_stays_as_it_was_and_what_nobody_issued_is_unknown() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    IssuedCertificate first = revoke(name, credential);
    assertThat(
            revocation
                .revoke(name, serial(credential), RevocationReason.UNSPECIFIED, any -> true)
                .result())
        .contains(first);
    for (String unknown : List.of("", "0", "../1", "zz", "f".repeat(5000))) {
      assertThat(
              revocation
                  .revoke(name, unknown, RevocationReason.UNSPECIFIED, any -> true)
                  .refusal()
                  .orElseThrow()
                  .code())
          .isEqualTo(FailureCode.NOT_FOUND);
    }
    // of another device
    EndpointName other = world.bootstrapped();
    Credential others = world.issue(other);
    assertThat(
            revocation
                .revoke(name, serial(others), RevocationReason.UNSPECIFIED, any -> true)
                .refusal())
        .isPresent();
    assertThat(world.state.findAll(Kinds.CERTIFICATE, other.value())).hasSize(1);
  }

  @Test
  void superseded_certificate_whose_key_is_stolen_later_opens_nothing_either() throws Exception {
    EndpointName name = world.bootstrapped();
    Credential old = world.issue(name);
    Credential next = world.issue(name, OperationalCertificate.nextId(1));
    assertThat(register(next, name)).contains(ResponseCode.CREATED);
    assertThat(register(old, name)).contains(ResponseCode.FORBIDDEN);

    revoke(name, old);

    assertThat(register(old, name)).isEmpty();
    assertThat(register(next, name)).contains(ResponseCode.CREATED);
  }

  @Test
  void while_redis_is_away_a_revoked_certificate_gets_no_further_than_its_connection() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    revoke(name, credential);

    world.signalRedis("STOP");
    Optional<ResponseCode> away;
    try {
      away = register(credential, name);
    } finally {
      world.signalRedis("CONT");
    }

    assertThat(away.orElse(ResponseCode.SERVICE_UNAVAILABLE))
        .isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    await().atMost(PATIENCE).until(() -> register(credential, name).isEmpty());
  }

  private static HttpResponse<byte[]> fetch(String... headers) throws Exception {
    URI uri = world.server.httpAddress().resolve("/crl/operational-ca.crl");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
  }

  private static X509CRL list() throws Exception {
    HttpResponse<byte[]> answer = fetch();
    assertThat(answer.statusCode()).isEqualTo(200);
    X509CRL list =
        (X509CRL)
            CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(answer.body()));
    list.verify(world.pki.operationalCa().certificate().getPublicKey());
    return list;
  }

  private static long number(X509CRL list) {
    byte[] value = list.getExtensionValue(Extension.cRLNumber.getId());
    return ASN1Integer.getInstance(ASN1OctetString.getInstance(value).getOctets())
        .getValue()
        .longValueExact();
  }

  private static X509CRL listNaming(X509Certificate certificate) {
    return await()
        .atMost(PATIENCE)
        .until(
            CertificateRevocationIT::list,
            found -> found.getRevokedCertificate(certificate) != null);
  }

  private static String reason(X509CRL list, X509Certificate certificate) {
    return String.valueOf(list.getRevokedCertificate(certificate).getRevocationReason());
  }

  @Test
  void list_names_what_ended_with_its_reason_and_its_number_only_grows() throws Exception {
    Devices devices =
        new Devices(world.state, new Withdrawal(world.state, world.stores.values()), world.clock);
    EndpointName renewed = world.bootstrapped();
    Credential old = world.issue(renewed);
    register(world.issue(renewed, OperationalCertificate.nextId(1)), renewed);
    EndpointName held = world.bootstrapped();
    Credential onHold = world.issue(held);
    devices.revoke(held, IfMatch.any(), "lost");
    EndpointName retired = world.bootstrapped();
    Credential gone = world.issue(retired);
    devices.retire(retired, IfMatch.any());
    EndpointName stolen = world.bootstrapped();
    Credential bad = world.issue(stolen);
    revoke(stolen, bad);

    X509CRL list = listNaming(bad.certificate());

    assertThat(reason(list, bad.certificate())).isEqualTo("KEY_COMPROMISE");
    assertThat(reason(list, old.certificate())).isEqualTo("SUPERSEDED");
    assertThat(reason(list, onHold.certificate())).isEqualTo("CERTIFICATE_HOLD");
    assertThat(reason(list, gone.certificate())).isEqualTo("CESSATION_OF_OPERATION");
    assertThat(list.getVersion()).isEqualTo(2);
    assertThat(list.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(list.getNextUpdate().toInstant()).isAfter(Instant.now().plusSeconds(3600));
    assertThat(list.getExtensionValue(Extension.authorityKeyIdentifier.getId())).isNotNull();

    devices.restore(held, IfMatch.any());
    X509CRL later =
        await()
            .atMost(PATIENCE)
            .until(
                CertificateRevocationIT::list,
                found -> found.getRevokedCertificate(onHold.certificate()) == null);
    assertThat(number(later)).isGreaterThan(number(list));
    assertThat(register(onHold, held)).contains(ResponseCode.CREATED);

    world.restartServer();
    X509CRL after =
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(CertificateRevocationIT::list, found -> number(found) > number(later));
    assertThat(after.getRevokedCertificate(bad.certificate())).isNotNull();
  }

  @Test
  void list_is_taken_by_openssl() throws Exception {
    EndpointName name = world.bootstrapped();
    Credential bad = world.issue(name);
    Credential good = world.issue(world.bootstrapped());
    revoke(name, bad);
    listNaming(bad.certificate());
    Path crl = directory.resolve("operational-ca.crl");
    Files.write(crl, fetch().body());
    Path pem = directory.resolve("operational-ca.crl.pem");
    assertThat(openssl("crl", "-inform", "DER", "-in", crl, "-out", pem)).startsWith("0");
    String text = openssl("crl", "-in", pem, "-noout", "-text");
    assertThat(text)
        .contains("Version 2 (0x1)", "ecdsa-with-SHA256", "X509v3 CRL Number", "Key Compromise");
    Path ca = pem("ca.pem", world.pki.operationalCa().certificate());

    assertThat(verify(ca, pem, pem("good.pem", good.certificate()))).startsWith("0");
    assertThat(verify(ca, pem, pem("bad.pem", bad.certificate())))
        .doesNotStartWith("0")
        .contains("certificate revoked");
  }

  private static Path pem(String name, X509Certificate certificate) throws Exception {
    return Files.writeString(directory.resolve(name), Certificates.pem(List.of(certificate)));
  }

  private static String verify(Path ca, Path crl, Path certificate) throws Exception {
    return openssl("verify", "-crl_check", "-CAfile", ca, "-CRLfile", crl, certificate);
  }

  /** Its exit code, and what it says. */
  private static String openssl(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() + " " + said;
    }
  }

  @Test
  void list_may_be_kept_and_is_not_sent_to_who_has_it() throws Exception {
    await().atMost(PATIENCE).until(() -> fetch().statusCode() == 200);
    HttpResponse<byte[]> answer = fetch();
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/pkix-crl");
    assertThat(answer.headers().firstValue("Cache-Control").orElseThrow())
        .matches("public, max-age=[0-9]+");
    String etag = answer.headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> again = fetch("If-None-Match", "\"x\", " + etag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void devices_get_the_list_by_coap_block_by_block() throws Exception {
    for (int i = 0; i < LONG_LIST; i++) {
      String home = "urn:dev:ops:long-" + i;
      RevokedCertificate one =
          new RevokedCertificate(
              new EndpointName(home),
              1,
              "%032x".formatted((1L << 62) + i),
              "00",
              Instant.now(),
              Instant.now().plus(Duration.ofDays(9)),
              Optional.of("key"),
              Instant.now(),
              RevocationReason.SUPERSEDED);
      world.state.commit(
          Change.in(home).put(Kinds.REVOKED_CERTIFICATE, one.serialNumber(), 0, one).build());
    }
    EndpointName last = world.bootstrapped();
    Credential bad = world.issue(last);
    revoke(last, bad);
    listNaming(bad.certificate());
    TestDevice device = world.connect(world.issue(world.bootstrapped()));
    Request request = Request.newGet();
    request.getOptions().addUriPath("crl");
    Response answer = device.send(request).orElseThrow();
    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(answer.getOptions().getContentFormat()).isEqualTo(42);
    assertThat(answer.getPayload().length).isGreaterThan(128 * 1024);
    X509CRL list =
        (X509CRL)
            CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(answer.getPayload()));
    assertThat(list.getRevokedCertificate(bad.certificate())).isNotNull();

    Request known = Request.newGet();
    known.getOptions().addUriPath("crl").addETag(answer.getOptions().getETags().get(0));
    assertThat(device.send(known).orElseThrow().getCode()).isEqualTo(ResponseCode.VALID);
    Request wellKnown = Request.newGet();
    wellKnown.getOptions().addUriPath(".well-known").addUriPath("core");
    assertThat(device.send(wellKnown).orElseThrow().getPayloadString()).contains("</crl>");
    Request posted = Request.newPost();
    posted.getOptions().addUriPath("crl");
    assertThat(device.send(posted).orElseThrow().getCode())
        .isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
  }
}
