package org.firstlight.simulator.operator;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.subscription.SubscriptionHeader;
import org.firstlight.kit.subscription.SubscriptionHeader.Action;
import org.firstlight.simulator.operator.SubscriptionList.Refusal;
import org.firstlight.simulator.operator.SubscriptionList.Row;

/** Seals a whole list: what is right is sealed, what is not is refused with its line and reason. */
public final class SealRun {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Sealer sealer;
  private final String operatorId;
  private final EuiccDirectory euiccs;
  private final Path folder;
  private final Clock clock;

  /**
   * @param folder the operator's own; its counters are kept there
   * @throws IllegalArgumentException if the certificate names no operator
   */
  public SealRun(
      PrivateKey key,
      X509Certificate certificate,
      EuiccDirectory euiccs,
      Path folder,
      Clock clock) {
    List<String> ids = CertificateNames.organizationIdentifiers(certificate);
    if (ids.size() != 1) {
      throw new IllegalArgumentException(
          "the operator's certificate has no organizationIdentifier, or several");
    }
    this.operatorId = ids.get(0);
    this.sealer = new Sealer(key, certificate);
    this.euiccs = euiccs;
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * @param lines NDJSON for {@code POST /subscriptions}
   */
  public record Outcome(List<String> lines, List<Refusal> refusals) {}

  public Outcome seal(String csv, Instant notBefore, Instant notAfter) {
    SubscriptionList.Parsed parsed = SubscriptionList.parse(csv);
    List<Refusal> refusals = new ArrayList<>(parsed.refusals());
    List<String> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (CounterBook counters = new CounterBook(folder)) {
      for (Row row : parsed.rows()) {
        try {
          refuseDuplicates(row, seen);
          X509Certificate recipient = euiccs.recipient(row.eid(), clock.instant());
          SubscriptionHeader header =
              new SubscriptionHeader(
                  packageId(),
                  operatorId,
                  row.eid(),
                  Certificates.sha256(recipient),
                  counters.next(row.eid()),
                  notBefore.truncatedTo(ChronoUnit.SECONDS),
                  notAfter.truncatedTo(ChronoUnit.SECONDS),
                  Action.INSTALL,
                  Optional.empty());
          lines.add(line(header, sealer.seal(row.subscription(), header, recipient)));
        } catch (IllegalArgumentException e) {
          refusals.add(new Refusal(row.line(), String.valueOf(e.getMessage())));
        }
      }
      counters.save(); // before a package leaves this process
    }
    refusals.sort(Comparator.comparingInt(Refusal::line));
    return new Outcome(lines, refusals);
  }

  private static void refuseDuplicates(Row row, Set<String> seen) {
    require(seen.add("eid " + row.eid()), "the EID stands on an earlier line");
    require(seen.add("iccid " + row.subscription().iccid()), "the ICCID stands on an earlier line");
    require(seen.add("imsi " + row.subscription().imsi()), "the IMSI stands on an earlier line");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static String packageId() {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private static String line(SubscriptionHeader header, byte[] sealed) {
    return """
        {"packageId":"%s","eid":"%s","sealed":"%s"}"""
        .formatted(header.packageId(), header.eid(), Base64.getEncoder().encodeToString(sealed));
  }
}
