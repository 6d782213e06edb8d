package org.firstlight.simulator.euicc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.firstlight.simulator.subscription.Subscription;

/**
 * All that one eUICC remembers: counters, profiles and its last receipt. One value, so that one
 * write changes them together.
 *
 * @param counters the newest counter seen, by operator; never goes down
 * @param lastReceipt signed
 */
record EuiccState(
    Map<String, Long> counters, List<Profile> profiles, Optional<byte[]> lastReceipt) {
  static final EuiccState EMPTY = new EuiccState(Map.of(), List.of(), Optional.empty());
  private static final int FORMAT = 1;

  /**
   * @param receipt signed; given again when the same package comes again
   */
  record Profile(
      String operatorId,
      String packageId,
      String packageSha256,
      boolean enabled,
      Subscription subscription,
      byte[] receipt) {
    Profile disabled() {
      return new Profile(operatorId, packageId, packageSha256, false, subscription, receipt);
    }
  }

  EuiccState {
    counters = Map.copyOf(counters);
    profiles = List.copyOf(profiles);
  }

  long counter(String operatorId) {
    return counters.getOrDefault(operatorId, -1L);
  }

  Optional<Profile> enabled() {
    return profiles.stream().filter(Profile::enabled).findFirst();
  }

  Optional<Profile> ofPackage(String sha256) {
    return profiles.stream().filter(one -> one.packageSha256().equals(sha256)).findFirst();
  }

  /** The enabled one first. */
  List<String> iccids() {
    return profiles.stream()
        .sorted((a, b) -> Boolean.compare(b.enabled(), a.enabled()))
        .map(profile -> profile.subscription().iccid())
        .toList();
  }

  /** With this profile enabled and every other disabled; {@code replaced} is gone. */
  EuiccState with(Profile profile, long counter, Optional<String> replaced) {
    Map<String, Long> nextCounters = new TreeMap<>(counters);
    nextCounters.put(profile.operatorId(), counter);
    List<Profile> next = new ArrayList<>();
    for (Profile one : profiles) {
      if (replaced.filter(one.packageId()::equals).isEmpty()) {
        next.add(one.disabled());
      }
    }
    next.add(profile);
    return new EuiccState(nextCounters, next, Optional.of(profile.receipt()));
  }

  EuiccState withReceipt(byte[] receipt) {
    return new EuiccState(counters, profiles, Optional.of(receipt));
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeInt(counters.size());
      for (Map.Entry<String, Long> counter : counters.entrySet()) {
        out.writeUTF(counter.getKey());
        out.writeLong(counter.getValue());
      }
      out.writeInt(profiles.size());
      for (Profile profile : profiles) {
        out.writeUTF(profile.operatorId());
        out.writeUTF(profile.packageId());
        out.writeUTF(profile.packageSha256());
        out.writeBoolean(profile.enabled());
        write(out, profile.subscription().toDer());
        write(out, profile.receipt());
      }
      write(out, lastReceipt.orElse(new byte[0]));
    }
    return bytes.toByteArray();
  }

  static EuiccState fromBytes(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != FORMAT) {
        throw new IOException("another format");
      }
      Map<String, Long> counters = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        counters.put(in.readUTF(), in.readLong());
      }
      List<Profile> profiles = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        profiles.add(
            new Profile(
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readBoolean(),
                Subscription.fromDer(read(in)),
                read(in)));
      }
      byte[] receipt = read(in);
      return new EuiccState(
          counters, profiles, receipt.length == 0 ? Optional.empty() : Optional.of(receipt));
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] read(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}
