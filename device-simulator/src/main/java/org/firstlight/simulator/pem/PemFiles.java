package org.firstlight.simulator.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Reads and writes PEM files; what is secret is created with mode 0600, never widened later. */
public final class PemFiles {
  private PemFiles() {}

  /** Writes a file that only its owner may read, replacing what is there. */
  public static void writeSecret(Path file, byte[] content) {
    try {
      createFolder(file.toAbsolutePath().getParent());
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw new PemException("cannot write " + file.getFileName(), e);
    }
  }

  public static void writeSecret(Path file, String content) {
    writeSecret(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a folder that only its owner may enter, with its parents. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  public static void writeKey(Path file, PrivateKey key) {
    writeSecret(file, pem("PRIVATE KEY", key.getEncoded()));
  }

  public static void writeCertificates(Path file, X509Certificate... certificates) {
    writeSecret(file, toPem(certificates));
  }

  /** The certificates one after another, as {@code CERTIFICATE} blocks. */
  public static String toPem(X509Certificate... certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new PemException("cannot encode a certificate", e);
      }
    }
    return text.toString();
  }

  public static X509Certificate readCertificate(Path file) {
    List<X509Certificate> all = readCertificates(file);
    if (all.size() != 1) {
      throw new PemException(
          "%s holds %d certificates, not one".formatted(file.getFileName(), all.size()));
    }
    return all.get(0);
  }

  public static List<X509Certificate> readCertificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemObject block : blocks(file)) {
      if (block.getType().equals("CERTIFICATE")) {
        certificates.add(certificate(block.getContent()));
      }
    }
    if (certificates.isEmpty()) {
      throw new PemException(file.getFileName() + " holds no certificate");
    }
    return certificates;
  }

  /** Every certificate of a PEM file, or of all {@code *.pem} files of a folder and below it. */
  public static List<X509Certificate> readCertificatesUnder(Path fileOrFolder) {
    if (!Files.isDirectory(fileOrFolder)) {
      return readCertificates(fileOrFolder);
    }
    List<X509Certificate> certificates = new ArrayList<>();
    try (Stream<Path> files = Files.walk(fileOrFolder)) {
      for (Path file : files.filter(PemFiles::isCertificateFile).sorted().toList()) {
        certificates.addAll(readCertificates(file));
      }
    } catch (IOException e) {
      throw new PemException("cannot list " + fileOrFolder.getFileName(), e);
    }
    return certificates;
  }

  private static boolean isCertificateFile(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".pem") && !name.endsWith(".key.pem");
  }

  public static PrivateKey readKey(Path file) {
    for (PemObject block : blocks(file)) {
      if (block.getType().equals("PRIVATE KEY")) {
        return privateKey(block.getContent());
      }
    }
    throw new PemException(file.getFileName() + " holds no PKCS#8 private key");
  }

  /** A P-256 private key from its PKCS#8 form. */
  public static PrivateKey privateKey(byte[] pkcs8) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new PemException("not an EC private key in PKCS#8", e);
    }
  }

  /** A certificate from its DER form. */
  public static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new PemException("not an X.509 certificate", e);
    }
  }

  private static List<PemObject> blocks(Path file) {
    List<PemObject> blocks = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(Files.readString(file)))) {
      for (PemObject block = reader.readPemObject(); block != null; ) {
        blocks.add(block);
        block = reader.readPemObject();
      }
    } catch (IOException e) {
      throw new PemException("cannot read " + file.getFileName(), e);
    }
    return blocks;
  }

  private static String pem(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new PemException("cannot write PEM", e);
    }
    return text.toString();
  }
}
