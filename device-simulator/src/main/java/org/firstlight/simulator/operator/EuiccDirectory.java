package org.firstlight.simulator.operator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.TrustPath;
import org.firstlight.simulator.pem.PemFiles;

/**
 * The eUICCs' key-agreement certificates as the operator got them, and whether it may seal to one:
 * only the maker's root can vouch for it, so that nobody between can put in a key of their own.
 */
public final class EuiccDirectory {
  private static final int MAX_INTERMEDIATES = 2;
  private static final int KEY_AGREEMENT = 4;

  private final Map<String, List<X509Certificate>> byEid = new HashMap<>();
  private final List<X509Certificate> makersRoots;

  /**
   * @param certificates a folder with one {@code EID.pem} each, or a PEM file with all
   */
  public EuiccDirectory(Path certificates, List<X509Certificate> makersRoots) {
    this.makersRoots = List.copyOf(makersRoots);
    if (Files.isDirectory(certificates)) {
      try (Stream<Path> files = Files.list(certificates)) {
        files
            .filter(file -> file.toString().endsWith(".pem"))
            .forEach(
                file -> {
                  String name = file.getFileName().toString();
                  add(
                      name.substring(0, name.length() - ".pem".length()),
                      PemFiles.readCertificate(file));
                });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      for (X509Certificate certificate : PemFiles.readCertificates(certificates)) {
        CertificateNames.serialNumbers(certificate).forEach(eid -> add(eid, certificate));
      }
    }
  }

  private void add(String eid, X509Certificate certificate) {
    byEid.computeIfAbsent(eid, any -> new ArrayList<>()).add(certificate);
  }

  /**
   * The certificate to seal to.
   *
   * @throws IllegalArgumentException saying why there is none that may be used
   */
  public X509Certificate recipient(Eid eid, Instant now) {
    List<X509Certificate> found = byEid.getOrDefault(eid.value(), List.of());
    require(!found.isEmpty(), "there is no certificate for this EID");
    require(found.size() == 1, "there are several certificates for this EID");
    X509Certificate certificate = found.get(0);
    if (TrustPath.check(found, makersRoots, now, MAX_INTERMEDIATES)
        instanceof TrustPath.Untrusted untrusted) {
      throw new IllegalArgumentException(
          "the eUICC's certificate is not trusted: " + untrusted.reason());
    }
    require(
        CertificateNames.serialNumbers(certificate).equals(List.of(eid.value())),
        "the certificate is another eUICC's");
    boolean[] usage = certificate.getKeyUsage();
    require(
        usage != null && usage[KEY_AGREEMENT], "the eUICC's certificate is not for key agreement");
    return certificate;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
