package org.firstlight.kit.dtls;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.credential.SavedConnectionsKey;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a server's DTLS connections over a clean restart, so that devices that sleep need no new
 * handshake. Saved records carry sequence numbers: restored twice, or late, they would use a nonce
 * again (RFC 5288 §3). So what is saved is good once: the file opens with a key that lies in state,
 * and whoever takes it has deleted that key first. A copy, an older file or a second start finds
 * none. Neither file nor key is in a backup.
 */
public final class SavedConnections {
  private static final Logger LOG = LoggerFactory.getLogger(SavedConnections.class);

  /** What a server must not have missed for longer: by then devices have given up. */
  private static final Duration OLDEST = Duration.ofDays(7);

  private static final int KEY_BYTES = 32;

  private final String server;
  private final String id;
  private final Path file;
  private final BlockingState state;
  private final KeyEncryption encryption;
  private final Clock clock;

  /**
   * @param server "bootstrap" or "dm"
   * @param node whose connections they are: Connection IDs begin with its number
   * @param folder for the file
   */
  public SavedConnections(
      String server,
      String node,
      Path folder,
      FleetState records,
      KeyEncryption encryption,
      Clock clock) {
    this.server = server;
    this.id = node + "/" + server;
    this.file = folder.resolve("%s.%s.connections".formatted(node, server));
    this.state = new BlockingState(records);
    this.encryption = encryption;
    this.clock = clock;
  }

  /**
   * Keeps the connections of a connector that has stopped; if it cannot, devices shake hands anew.
   */
  public void save(DTLSConnector connector) {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      int count;
      try (OutputStream out =
          new BufferedOutputStream(
              new SealedBlocks.Output(
                  Files.newOutputStream(file, StandardOpenOption.WRITE), key, id))) {
        count = connector.saveConnections(out, OLDEST.toSeconds());
      }
      force();
      state.commit(
          Change.in(id)
              .put(
                  Kinds.SAVED_CONNECTIONS,
                  id,
                  Change.ANY_VERSION,
                  new SavedConnectionsKey(
                      encryption.encrypt(key, context()),
                      sha256(),
                      clock.instant(),
                      ClockUtil.nanoRealtime(),
                      count))
              .build());
      LOG.info("{} DTLS connections of the {} server are kept for its next start", count, server);
    } catch (IOException | RuntimeException fault) {
      LOG.warn("the {} server's DTLS connections are not kept: {}", server, fault.toString());
      forget();
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Gives what was saved to a connector that has not started; at most once, whatever happens then.
   *
   * @return how many connections; 0 where there is nothing that may be taken
   */
  public int takeInto(DTLSConnector connector) {
    try {
      Optional<SavedConnectionsKey> key = takeKey();
      if (key.isEmpty()) {
        if (Files.exists(file)) {
          LOG.warn(
              "saved DTLS connections of the {} server are not taken: they were taken before, or"
                  + " are a copy",
              server);
        }
        return 0;
      }
      return take(key.get(), connector);
    } catch (IOException | RuntimeException fault) {
      LOG.warn(
          "saved DTLS connections of the {} server are not taken: {}", server, fault.toString());
      return 0;
    } finally {
      forget();
    }
  }

  /** Whoever gets it is the only one. */
  private Optional<SavedConnectionsKey> takeKey() {
    Optional<Stored<SavedConnectionsKey>> stored = state.find(Kinds.SAVED_CONNECTIONS, id);
    return stored
        .filter(
            found ->
                state.commit(
                        Change.in(id)
                            .delete(Kinds.SAVED_CONNECTIONS, id, found.version())
                            .guarded(true)
                            .build())
                    instanceof CommitOutcome.Committed)
        .map(Stored::value);
  }

  private int take(SavedConnectionsKey saved, DTLSConnector connector) throws IOException {
    Instant now = clock.instant();
    Duration away = Duration.between(saved.savedAt(), now);
    if (away.isNegative()) {
      throw new IOException("they were saved at a time that is yet to come: a clock was set back");
    }
    if (away.compareTo(OLDEST) > 0) {
      throw new IOException("they are older than %d days".formatted(OLDEST.toDays()));
    }
    if (!Files.exists(file)) {
      throw new IOException("their file is missing");
    }
    if (!sha256().equals(saved.sha256())) {
      throw new IOException("the file is not the one that was saved last");
    }
    byte[] key = encryption.decrypt(saved.key(), context());
    try (InputStream in =
        new BufferedInputStream(new SealedBlocks.Input(Files.newInputStream(file), key, id))) {
      // open already: gone before a packet comes
      forget();
      long delta = ClockUtil.nanoRealtime() - saved.nanoTime() - away.toNanos();
      int count = connector.loadConnections(in, delta);
      LOG.info("{} DTLS connections of the {} server go on", count, server);
      return count;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private String context() {
    return "saved-connections/" + id;
  }

  private String sha256() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void force() throws IOException {
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
  }

  private void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // without its key it opens for nobody
      LOG.warn("{} cannot be deleted: {}", file.getFileName(), e.toString());
    }
  }
}
