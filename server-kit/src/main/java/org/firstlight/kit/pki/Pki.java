package org.firstlight.kit.pki;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.kit.config.FirstlightConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform's keys and certificates: a CA for its servers' certificates, one for the devices'
 * operational certificates, one credential per server, and the key-encryption key.
 *
 * <p>They are made at first start in {@code <data>/pki} and {@code <data>/keys}, folders 0700 and
 * files 0600, and loaded at every later one; the key of the operational CA may be in a token
 * instead. A CA or key that has become unreadable is never replaced in silence: devices trust the
 * one they know.
 */
public final class Pki implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pki.class);
  private static final String KEY_ENCRYPTION_KEY = "kek-1";

  /** A server that shows a certificate; the word is the name of its files, too. */
  public enum Server {
    BOOTSTRAP("bootstrap-server"),
    DM("dm-server");

    private final String word;

    Server(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    private List<String> names(FirstlightConfig config) {
      return this == BOOTSTRAP ? config.bootstrap().names() : config.dm().names();
    }
  }

  private final PrivateFiles files;
  private final PkiFolder folder;
  private final FirstlightConfig config;
  private final CertificateAuthority serverCa;
  private final CertificateAuthority operationalCa;
  private final KeyEncryption keyEncryption;
  private volatile Map<Server, ServerCredential> servers;

  private Pki(
      PrivateFiles files, PkiFolder folder, KeyEncryption keyEncryption, FirstlightConfig config) {
    this.files = files;
    this.folder = folder;
    this.config = config;
    this.serverCa = folder.authority("server-ca", "Firstlight Server CA");
    this.operationalCa =
        operationalCa(config).withRevocationListAt(config.pki().revocationListUrl());
    this.keyEncryption = keyEncryption;
    this.servers = servers(config);
  }

  private Map<Server, ServerCredential> servers(FirstlightConfig config) {
    Map<Server, ServerCredential> loaded = new EnumMap<>(Server.class);
    try {
      for (Server server : Server.values()) {
        loaded.put(server, folder.credential(server.word(), serverCa, server.names(config)));
      }
      return loaded;
    } catch (RuntimeException fault) {
      close();
      throw fault;
    }
  }

  private CertificateAuthority operationalCa(FirstlightConfig config) {
    String name = "operational-ca";
    String commonName = "Firstlight Operational CA";
    return config
        .pki()
        .token()
        .map(token -> new TokenAuthority(files, folder, token).open(name, commonName))
        .orElseGet(() -> folder.authority(name, commonName));
  }

  /**
   * Loads what is there and makes what is missing; a server's certificate is made anew when its
   * names have changed or its end is near.
   *
   * @throws PkiException naming the file and the remedy
   */
  public static Pki open(Path dataDirectory, FirstlightConfig config, Clock clock) {
    PrivateFiles pki = PrivateFiles.in(dataDirectory.resolve("pki"));
    PrivateFiles keys = PrivateFiles.in(dataDirectory.resolve("keys"));
    return locked(
        pki,
        () ->
            new Pki(
                pki,
                new PkiFolder(pki, clock),
                FileKeyEncryption.open(keys, KEY_ENCRYPTION_KEY),
                config));
  }

  /** Two servers started at once on one folder make one CA, not two. */
  private static synchronized <T> T locked(PrivateFiles pki, Supplier<T> work) {
    try (FileChannel channel = FileChannel.open(pki.lockFile(), StandardOpenOption.WRITE)) {
      channel.lock();
      return work.get();
    } catch (IOException e) {
      throw new PkiException("%s cannot be locked".formatted(pki.lockFile()), e);
    }
  }

  /**
   * Takes the servers' certificates that lie in the folder now, and makes one anew whose end is
   * near: handshakes from here on show them.
   *
   * @throws PkiException if one cannot be used; what was shown so far is shown on
   */
  public void refresh() {
    locked(
        files,
        () -> {
          Map<Server, ServerCredential> loaded = new EnumMap<>(Server.class);
          for (Server server : Server.values()) {
            loaded.put(server, folder.current(server.word(), serverCa));
          }
          return taken(loaded);
        });
  }

  /**
   * Makes a server's certificate anew; servers that run take it at their next {@link #refresh}.
   *
   * @param newKey whether over another key: whoever knows the server by the one it had has to
   *     bootstrap again
   */
  public ServerCredential renew(Server server, boolean newKey) {
    return locked(
            files,
            () -> {
              Map<Server, ServerCredential> renewed = new EnumMap<>(servers);
              renewed.put(
                  server, folder.renew(server.word(), serverCa, server.names(config), newKey));
              return taken(renewed);
            })
        .get(server);
  }

  private Map<Server, ServerCredential> taken(Map<Server, ServerCredential> loaded) {
    loaded.forEach(
        (server, credential) -> {
          ServerCredential before = servers.get(server);
          if (!credential.chain().equals(before.chain())) {
            LOG.info(
                "the {} shows another certificate from now on, good until {}, over {}",
                server.word(),
                credential.certificate().getNotAfter().toInstant(),
                credential.certificate().getPublicKey().equals(before.certificate().getPublicKey())
                    ? "the key that it had"
                    : "another key");
          }
        });
    servers = loaded;
    return loaded;
  }

  /** Issues devices' operational certificates; the DM server trusts it and no other. */
  public CertificateAuthority operationalCa() {
    return operationalCa;
  }

  /** As it is now; it may be another the next time. */
  public ServerCredential bootstrapServer() {
    return credential(Server.BOOTSTRAP);
  }

  /** As it is now; it may be another the next time. */
  public ServerCredential dmServer() {
    return credential(Server.DM);
  }

  private ServerCredential credential(Server server) {
    ServerCredential credential = servers.get(server);
    if (credential == null) {
      throw new IllegalStateException(server + " has no credential");
    }
    return credential;
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

  /** Lets go of the token, where there is one: nothing is issued any more. */
  @Override
  public void close() {
    operationalCa.close();
  }
}
