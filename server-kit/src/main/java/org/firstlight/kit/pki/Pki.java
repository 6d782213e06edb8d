package org.firstlight.kit.pki;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.kit.config.FirstlightConfig;

/**
 * The platform's keys and certificates: a CA for its servers' certificates, one for the devices'
 * operational certificates, one credential per server, and the key-encryption key.
 *
 * <p>They are made at first start in {@code <data>/pki} and {@code <data>/keys}, folders 0700 and
 * files 0600, and loaded at every later one. A CA or key that has become unreadable is never
 * replaced in silence: devices trust the one they know.
 */
public final class Pki {
  private static final String KEY_ENCRYPTION_KEY = "kek-1";

  private final CertificateAuthority serverCa;
  private final CertificateAuthority operationalCa;
  private final ServerCredential bootstrapServer;
  private final ServerCredential dmServer;
  private final KeyEncryption keyEncryption;

  private Pki(PkiFolder folder, KeyEncryption keyEncryption, FirstlightConfig config) {
    this.serverCa = folder.authority("server-ca", "Firstlight Server CA");
    this.operationalCa = folder.authority("operational-ca", "Firstlight Operational CA");
    this.bootstrapServer =
        folder.credential("bootstrap-server", serverCa, config.bootstrap().names());
    this.dmServer = folder.credential("dm-server", serverCa, config.dm().names());
    this.keyEncryption = keyEncryption;
  }

  /**
   * Loads what is there and makes what is missing; a server's certificate is made anew when its
   * names have changed or its end is near.
   *
   * @throws PkiException naming the file and the remedy
   */
  public static synchronized Pki open(Path dataDirectory, FirstlightConfig config, Clock clock) {
    PrivateFiles pki = PrivateFiles.in(dataDirectory.resolve("pki"));
    PrivateFiles keys = PrivateFiles.in(dataDirectory.resolve("keys"));
    // two servers started at once on one folder make one CA, not two
    try (FileChannel channel = FileChannel.open(pki.lockFile(), StandardOpenOption.WRITE)) {
      channel.lock();
      return new Pki(
          new PkiFolder(pki, clock), FileKeyEncryption.open(keys, KEY_ENCRYPTION_KEY), config);
    } catch (IOException e) {
      throw new PkiException("%s cannot be locked".formatted(pki.lockFile()), e);
    }
  }

  /** Issues devices' operational certificates; the DM server trusts it and no other. */
  public CertificateAuthority operationalCa() {
    return operationalCa;
  }

  public ServerCredential bootstrapServer() {
    return bootstrapServer;
  }

  public ServerCredential dmServer() {
    return dmServer;
  }

  /** What devices trust: both servers' certificates are issued by it. */
  public X509Certificate serverCa() {
    return serverCa.certificate();
  }

  /** What a device that enrols is to know: who issues servers' certificates, and devices'. */
  public List<X509Certificate> authorities() {
    return List.of(serverCa.certificate(), operationalCa.certificate());
  }

  public KeyEncryption keyEncryption() {
    return keyEncryption;
  }
}
