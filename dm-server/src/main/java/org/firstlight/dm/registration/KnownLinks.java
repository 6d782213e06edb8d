package org.firstlight.dm.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Object links, read once for each different text: devices of a model mostly say the same, so that
 * a device needs to remember but a fingerprint. Bounded: who misses one reads the registration.
 */
public final class KnownLinks {
  private static final int MOST = 4_096;

  private final Map<Long, ObjectLinks> byFingerprint = new ConcurrentHashMap<>();

  /** As a device sent them: their text is to be stored, their fingerprint to be remembered. */
  record Sent(String text, long fingerprint) {}

  Sent read(byte[] payload) throws UnreadableMessageException {
    long fingerprint = fingerprint(payload);
    if (!byFingerprint.containsKey(fingerprint)) {
      keep(fingerprint, ObjectLinks.read(payload));
    }
    return new Sent(new String(payload, UTF_8), fingerprint);
  }

  /** The fingerprint of a stored registration's links, which are known from now on. */
  public long learn(String stored) {
    long fingerprint = fingerprint(stored.getBytes(UTF_8));
    if (!byFingerprint.containsKey(fingerprint)) {
      keep(fingerprint, ObjectLinks.ofStored(stored));
    }
    return fingerprint;
  }

  public Optional<ObjectLinks> find(long fingerprint) {
    return Optional.ofNullable(byFingerprint.get(fingerprint));
  }

  private void keep(long fingerprint, ObjectLinks links) {
    if (byFingerprint.size() >= MOST) {
      byFingerprint.clear();
    }
    byFingerprint.put(fingerprint, links);
  }

  private static long fingerprint(byte[] payload) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(payload)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
