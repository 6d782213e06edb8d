package org.firstlight.kit.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Debian's SoftHSM with one token in a folder of its own, which can be taken away and brought back.
 * Its library asks the environment where its configuration is: the build sets that for these tests.
 */
public final class SoftHsm {
  public static final String LABEL = "firstlight";
  public static final String PIN = "31415926";

  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  private final Path folder;
  private final Path pinFile;

  private SoftHsm(Path folder) {
    this.folder = folder;
    this.pinFile = folder.resolve("pin.txt");
  }

  /** With an empty token; the test is skipped where there is no SoftHSM. */
  public static SoftHsm in(Path folder) throws Exception {
    Optional<String> conf = Optional.ofNullable(System.getenv("SOFTHSM2_CONF"));
    assumeTrue(conf.isPresent(), "SOFTHSM2_CONF is not set, as it is in the build");
    assumeTrue(Files.exists(LIBRARY), "Debian's softhsm2 is not installed");
    SoftHsm hsm = new SoftHsm(folder);
    Files.createDirectories(hsm.tokens());
    Files.createDirectories(Path.of(conf.orElseThrow()).getParent());
    Files.writeString(
        Path.of(conf.orElseThrow()),
        """
        directories.tokendir = %s
        objectstore.backend = file
        log.level = ERROR
        """
            .formatted(hsm.tokens()));
    hsm.initialise(LABEL);
    Files.createFile(
        hsm.pinFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    hsm.writePin(PIN);
    return hsm;
  }

  private Path tokens() {
    return folder.resolve("tokens");
  }

  /** One more token. */
  public void initialise(String label) throws Exception {
    run(
        List.of(
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "27182818",
            "--pin",
            PIN));
  }

  /** The section of the platform's configuration. */
  public String configuration() {
    return configuration(LIBRARY.toString(), LABEL);
  }

  public String configuration(String library, String label) {
    return "pki: { token: { library: %s, label: %s, pinFile: %s } }\n"
        .formatted(library, label, pinFile);
  }

  public Path pinFile() {
    return pinFile;
  }

  /** As an operator writes it, with a line's end. */
  public void writePin(String pin) throws IOException {
    Files.writeString(pinFile, pin + "\n");
    Files.setLastModifiedTime(pinFile, FileTime.from(Instant.now()));
  }

  public void takeAway() throws IOException {
    Files.move(tokens(), folder.resolve("away"));
  }

  public void bringBack() throws IOException {
    Files.move(folder.resolve("away"), tokens());
  }

  /** What OpenSC's pkcs11-tool says, logged in. */
  public String tool(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "pkcs11-tool",
                "--module",
                LIBRARY.toString(),
                "--token-label",
                LABEL,
                "--login",
                "--pin",
                PIN));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Puts a key from a PKCS#8 file into the token, as docs/operations.md has it. */
  public void importKey(Path key, Path certificate) throws Exception {
    run(
        List.of(
            "softhsm2-util",
            "--import",
            key.toString(),
            "--token",
            LABEL,
            "--label",
            "operational-ca",
            "--id",
            "01",
            "--pin",
            PIN));
    Path der = folder.resolve("certificate.der");
    run(
        List.of(
            "openssl",
            "x509",
            "-in",
            certificate.toString(),
            "-outform",
            "DER",
            "-out",
            der.toString()));
    tool(
        "--write-object",
        der.toString(),
        "--type",
        "cert",
        "--label",
        "operational-ca",
        "--id",
        "01");
  }

  /** A command that has to go well; what it says. */
  public static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    return said;
  }
}
