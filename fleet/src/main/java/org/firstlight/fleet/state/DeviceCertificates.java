package org.firstlight.fleet.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;

/**
 * A device's good certificates as they were read, and what a change makes of them. Whatever was
 * good before and is not after it is remembered as revoked, in the same change; and that is made
 * only while they are as they were read.
 */
public final class DeviceCertificates {
  private final Map<String, Stored<OperationalCertificate>> before = new TreeMap<>();
  private final Map<String, OperationalCertificate> after = new TreeMap<>();
  private final Set<String> touched = new HashSet<>();

  private DeviceCertificates() {}

  /**
   * @param all of the device's, by their record ids
   */
  public static DeviceCertificates of(List<Stored<OperationalCertificate>> all) {
    DeviceCertificates certificates = new DeviceCertificates();
    for (Stored<OperationalCertificate> one : all) {
      certificates.before.put(one.id(), one);
      certificates.after.put(one.id(), one.value());
    }
    return certificates;
  }

  /** Under this record id from now on, whatever stood there. */
  public void put(String id, OperationalCertificate certificate) {
    touched.add(id);
    after.put(id, certificate);
  }

  /** None under this record id from now on. */
  public void remove(String id) {
    touched.add(id);
    after.remove(id);
  }

  public void removeAll() {
    List.copyOf(after.keySet()).forEach(this::remove);
  }

  /** The certificates that are good no more. */
  public List<OperationalCertificate> ended() {
    Set<String> good = new HashSet<>();
    after.values().forEach(one -> good.add(one.serialNumber()));
    return before.values().stream()
        .map(Stored::value)
        .filter(one -> good.add(one.serialNumber()))
        .toList();
  }

  /**
   * What is written, the certificates that are put first.
   *
   * @param reason of those that are good no more
   */
  public List<Change.Edit<?>> edits(Instant now, RevocationReason reason) {
    List<Change.Edit<?>> puts = new ArrayList<>();
    List<Change.Edit<?>> others = new ArrayList<>();
    Set<String> ids = new HashSet<>(before.keySet());
    ids.addAll(touched);
    for (String id : ids.stream().sorted().toList()) {
      Stored<OperationalCertificate> was = before.get(id);
      long version = was == null ? 0 : was.version();
      OperationalCertificate is = after.get(id);
      if (!touched.contains(id)) {
        others.add(new Change.Edit.Keep<>(Kinds.CERTIFICATE, id, version));
      } else if (is == null) {
        others.add(new Change.Edit.Delete<>(Kinds.CERTIFICATE, id, version));
      } else {
        puts.add(new Change.Edit.Put<>(Kinds.CERTIFICATE, id, version, is));
      }
    }
    puts.addAll(others);
    ended().forEach(one -> puts.add(revoked(one, now, reason)));
    return puts;
  }

  /**
   * What is written when the device is revoked, which may be taken back: they stay, and are held.
   */
  public List<Change.Edit<?>> suspension(Instant now) {
    List<Change.Edit<?>> held = new ArrayList<>();
    for (Stored<OperationalCertificate> one : before.values()) {
      held.add(new Change.Edit.Keep<>(Kinds.CERTIFICATE, one.id(), one.version()));
      held.add(revoked(one.value(), now, RevocationReason.CERTIFICATE_HOLD));
    }
    return held;
  }

  private static Change.Edit<?> revoked(
      OperationalCertificate one, Instant now, RevocationReason reason) {
    return new Change.Edit.Put<>(
        Kinds.REVOKED_CERTIFICATE,
        one.serialNumber(),
        Change.ANY_VERSION,
        RevokedCertificate.of(one, now, reason));
  }
}
