package org.firstlight.redis.topology;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A server's certificate that nobody issued, and its key, as PEM files. */
record SelfSigned(Path certificate, Path key) {
  private static final String SECRET = "of-tests-alone";
  private static final String NAME = "redis";

  /**
   * @param dnsName what it names beside the loopback address, if that is localhost; else alone
   */
  static SelfSigned make(Path folder, String dnsName) {
    Path store = folder.resolve("redis.p12");
    String names = dnsName.equals("localhost") ? "dns:localhost,ip:127.0.0.1" : "dns:" + dnsName;
    try {
      Files.createDirectories(folder);
      run(store, names);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, SECRET.toCharArray());
      }
      return new SelfSigned(
          pem(folder.resolve("redis.pem"), "CERTIFICATE", keys.getCertificate(NAME).getEncoded()),
          pem(
              folder.resolve("redis.key"),
              "PRIVATE KEY",
              keys.getKey(NAME, SECRET.toCharArray()).getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Path store, String names) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                NAME,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + NAME,
                "-ext",
                "SAN=" + names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                SECRET)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.onExit().join().exitValue() != 0) {
      throw new IllegalStateException("keytool: " + said);
    }
  }

  private static Path pem(Path file, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
  }
}
