package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.dm.certificate.CertificateRevocation;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device renews its operational certificate by EST ({@code sren}, RFC 9148 §5.1). */
class RenewalIT {
  private static final String LINKS = "</1/0>,</3/0>";

  @TempDir static Path directory;
  private static DmWorld world;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
  }

  private static byte[] csr(KeyPair key, String subject, Optional<String> uri) throws Exception {
    var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), key.getPublic());
    if (uri.isPresent()) {
      ExtensionsGenerator asked = new ExtensionsGenerator();
      asked.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri.get())));
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, asked.generate());
    }
    return builder
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
        .getEncoded();
  }

  static byte[] csr(KeyPair key, EndpointName name) throws Exception {
    return csr(key, "CN=" + name, Optional.of(name.value()));
  }

  private static Response sren(TestDevice device, byte[] csr) {
    Request request = Request.newPost();
    request.getOptions().addUriPath("est").addUriPath("sren").setContentFormat(286);
    request.setPayload(csr);
    return device.send(request).orElseThrow();
  }

  private static Credential renewed(Response answer, KeyPair key) throws Exception {
    assertThat(answer.getCode()).as(answer.getPayloadString()).isEqualTo(ResponseCode.CHANGED);
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(answer.getPayload()))
                .iterator()
                .next();
    return new Credential(key, certificate);
  }

  private static ResponseCode register(Credential credential, EndpointName name) {
    return world.connect(credential).register(LINKS, DmWorld.query(name)).orElseThrow().getCode();
  }

  @Test
  void renewed_certificate_takes_the_place_of_the_old_one_when_the_device_registers_with_it()
      throws Exception {
    EndpointName name = world.bootstrapped();
    Credential old = world.issue(name);
    TestDevice device = world.connect(old);
    String id = DmWorld.register(device, name);

    KeyPair key = DmWorld.keys();
    Credential next = renewed(sren(device, csr(key, name)), key);
    // the answer may be lost: until it is used, the old one is good
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    Credential again = renewed(sren(device, csr(key, name)), key);

    assertThat(register(next, name)).as("another took its place").isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(register(again, name)).isEqualTo(ResponseCode.CREATED);
    assertThat(register(old, name)).as("superseded").isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(sren(world.connect(old), csr(key, name)).getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).hasSize(1);
    assertThat(world.events(name, "certificate.issued")).hasSize(2);
  }

  @Test
  void device_that_renews_before_it_registered_keeps_a_good_certificate() throws Exception {
    EndpointName name = world.bootstrapped();
    Credential first = world.issue(name, OperationalCertificate.nextId(1));
    KeyPair key = DmWorld.keys();

    Credential second = renewed(sren(world.connect(first), csr(key, name)), key);

    assertThat(register(first, name)).as("in use still").isEqualTo(ResponseCode.CREATED);
    assertThat(register(second, name)).isEqualTo(ResponseCode.CREATED);
    assertThat(register(first, name)).isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void request_for_other_names_than_those_in_use_is_refused() throws Exception {
    EndpointName name = world.bootstrapped();
    EndpointName other = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    KeyPair key = DmWorld.keys();
    for (byte[] bad :
        List.of(
            csr(key, other),
            csr(key, "CN=" + name, Optional.empty()),
            csr(key, "CN=" + name, Optional.of(other.value())),
            csr(key, "CN=" + name + ",O=x", Optional.of(name.value())),
            new byte[] {1, 2, 3})) {
      Response answer = sren(device, bad);
      assertThat(answer.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(answer.getPayloadString()).startsWith("the request ");
    }
    assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).hasSize(1);
  }

  @Test
  void who_came_by_a_psk_or_is_revoked_or_holds_anothers_key_gets_no_certificate()
      throws Exception {
    EndpointName keyed = world.bootstrapped();
    KeyPair key = DmWorld.keys();
    assertThat(sren(world.connectWithPsk(keyed, false), csr(key, keyed)).getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);

    EndpointName first = world.bootstrapped();
    renewed(sren(world.connect(world.issue(first)), csr(key, first)), key);
    EndpointName second = world.bootstrapped();
    Response shared = sren(world.connect(world.issue(second)), csr(key, second));
    assertThat(shared.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(shared.getPayloadString()).contains("another device");

    EndpointName revoked = world.bootstrapped();
    TestDevice device = world.connect(world.issue(revoked));
    DmWorld.register(device, revoked);
    // without its event: the connection stands
    world.put(world.device(revoked).withRevocation(Optional.of("stolen")));
    assertThat(sren(device, csr(DmWorld.keys(), revoked)).getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void key_that_was_revoked_as_compromised_gets_no_certificate_again() throws Exception {
    EndpointName name = world.bootstrapped();
    KeyPair stolen = DmWorld.keys();
    Credential bad = renewed(sren(world.connect(world.issue(name)), csr(stolen, name)), stolen);
    new CertificateRevocation(world.state, world.clock)
        .revoke(
            name,
            bad.certificate().getSerialNumber().toString(16),
            RevocationReason.KEY_COMPROMISE,
            any -> true);
    TestDevice device = world.connect(world.issue(name));

    Response again = sren(device, csr(stolen, name));

    assertThat(again.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(again.getPayloadString())
        .isEqualTo("the request has a key that was revoked as compromised");
    assertThat(sren(device, csr(DmWorld.keys(), name)).getCode()).isEqualTo(ResponseCode.CHANGED);
    EndpointName other = world.bootstrapped();
    assertThat(sren(world.connect(world.issue(other)), csr(stolen, other)).getPayloadString())
        .as("whoever comes with it")
        .isEqualTo("the request has a key that was revoked as compromised");
  }

  @Test
  void what_a_bootstrap_is_handing_over_is_not_taken_away_by_a_renewal() throws Exception {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    world.issue(name, OperationalCertificate.nextId(1));

    Response later = sren(device, csr(DmWorld.keys(), name));

    assertThat(later.getPayloadString()).isEqualTo("a bootstrap is handing over another one");
    assertThat(world.state.findAll(Kinds.REVOKED_CERTIFICATE, name.value())).isEmpty();
  }

  @Test
  void certificate_that_expired_since_its_handshake_is_not_renewed() throws Exception {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    DmWorld.register(device, name);
    Stored<OperationalCertificate> used =
        world.state.findAll(Kinds.CERTIFICATE, name.value()).get(0);
    OperationalCertificate one = used.value();
    OperationalCertificate expired =
        new OperationalCertificate(
            name,
            one.account(),
            one.serialNumber(),
            one.sha256(),
            one.notBefore(),
            Instant.now(),
            one.keySha256());
    world.state.commit(
        Change.in(name.value()).put(Kinds.CERTIFICATE, used.id(), used.version(), expired).build());

    Response late = sren(device, csr(DmWorld.keys(), name));

    assertThat(late.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(late.getPayloadString()).contains("expired");
    assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).hasSize(1);
  }

  @Test
  void revocation_at_the_same_moment_leaves_no_certificate_behind() throws Exception {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    DmWorld.register(device, name);
    world.state.commit(
        Change.in(name.value())
            .delete(Kinds.CERTIFICATE, OperationalCertificate.currentId(1), Change.ANY_VERSION)
            .build());

    assertThat(sren(device, csr(DmWorld.keys(), name)).getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).isEmpty();
  }

  @Test
  void authorities_are_there_at_both_roots_and_sen_is_not_offered() {
    TestDevice device = world.connect(world.issue(world.bootstrapped()));
    for (List<String> root : List.of(List.of("est"), List.of(".well-known", "est"))) {
      Request crts = Request.newGet();
      root.forEach(crts.getOptions()::addUriPath);
      crts.getOptions().addUriPath("crts");
      assertThat(device.send(crts).orElseThrow().getOptions().getContentFormat()).isEqualTo(281);
      Request sen = Request.newPost();
      root.forEach(sen.getOptions()::addUriPath);
      sen.getOptions().addUriPath("sen").setContentFormat(286);
      assertThat(device.send(sen).orElseThrow().getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    }
  }
}
