package org.firstlight.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.firstlight.simulator.pem.PemFiles;

/** Debian's {@code coap-client} of libcoap3-bin: a client that none of us wrote. */
record CoapClient(String program, Path folder) {
  private static final String LINK_FORMAT = "40";

  boolean isInstalled() {
    return Files.isExecutable(Path.of("/usr/bin").resolve(program));
  }

  /** Shows this certificate, and trusts this CA. */
  List<String> withCertificate(X509Certificate certificate, PrivateKey key, Path ca) {
    try {
      Path shown = Files.createTempFile(folder, "client", ".pem");
      PemFiles.writeCertificates(shown, certificate);
      Path secret = Files.createTempFile(folder, "client", ".key.pem");
      Files.writeString(secret, sec1(certificate, key));
      return List.of("-c", shown.toString(), "-j", secret.toString(), "-C", ca.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The key's form of RFC 5915, with curve and public key: GnuTLS reads no shorter one. */
  private static String sec1(X509Certificate certificate, PrivateKey key) throws IOException {
    ASN1BitString point =
        SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded())
            .getPublicKeyData();
    byte[] der =
        new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, ((ECPrivateKey) key).getS(), point, SECObjectIdentifiers.secp256r1)
            .getEncoded();
    return "-----BEGIN EC PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END EC PRIVATE KEY-----\n";
  }

  /**
   * @param key printable: the program takes it as text
   */
  List<String> withPsk(String identity, String key) {
    return List.of("-u", identity, "-k", key);
  }

  /** POST without content; the answer and how it came, in the program's words. */
  String post(List<String> credential, String uri) {
    return run(credential, List.of(), uri);
  }

  /** POST of an object list. */
  String post(List<String> credential, String uri, String links) {
    return run(credential, List.of("-t", LINK_FORMAT, "-e", links), uri);
  }

  /** POST of a longer object list, in blocks of this many bytes. */
  String postInBlocks(List<String> credential, String uri, String links, int blockSize) {
    try {
      Path file = Files.createTempFile(folder, "links", ".txt");
      Files.writeString(file, links);
      return run(
          credential,
          List.of("-t", LINK_FORMAT, "-b", String.valueOf(blockSize), "-f", file.toString()),
          uri);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its name is what a test report shows. */
  @Override
  public String toString() {
    return program;
  }

  private String run(List<String> credential, List<String> content, String uri) {
    List<String> command = new ArrayList<>(List.of(program, "-v", "7", "-B", "30", "-m", "post"));
    command.addAll(credential);
    command.addAll(content);
    command.add(uri);
    try {
      Child child = Child.start(Files.createTempFile(folder, "client", ".out"), command);
      child.end();
      return child.output();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
