package org.firstlight.kit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.firstlight.kit.TestCa;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CryptoProviderIT {
  @TempDir private Path folder;
  private final List<Process> running = new ArrayList<>();

  @AfterEach
  void stop() {
    running.forEach(Process::destroyForcibly);
    CryptoProvider.install(List.of(CryptoProvider.JDK));
  }

  private BufferedReader probe(List<String> arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HandshakeProbe.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectError(Files.createTempFile(folder, "probe", ".err").toFile())
            .start();
    running.add(process);
    return process.inputReader(StandardCharsets.UTF_8);
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux")
        && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
  }

  @Test
  void each_provider_shakes_hands_with_each_by_every_suite() throws Exception {
    assumeTrue(isLinux(), "the native providers are for Linux");
    TestCa ca = TestCa.root("Factory CA");
    TestCa.Leaf device = ca.leaf("CN=device-1");
    Files.write(folder.resolve("ca.der"), ca.certificate().getEncoded());
    Files.write(folder.resolve("device.der"), device.chain().get(0).getEncoded());
    Files.write(folder.resolve("device.key"), device.keys().getPrivate().getEncoded());
    Map<CryptoProvider, String> ports = new EnumMap<>(CryptoProvider.class);
    Map<CryptoProvider, BufferedReader> servers = new EnumMap<>(CryptoProvider.class);
    for (CryptoProvider one : CryptoProvider.values()) {
      servers.put(one, probe(List.of("server", one.name(), folder.toString())));
    }
    for (CryptoProvider one : CryptoProvider.values()) {
      BufferedReader said = Objects.requireNonNull(servers.get(one));
      assertThat(said.readLine()).isEqualTo(one.name());
      ports.put(one, said.readLine());
    }
    for (CryptoProvider one : CryptoProvider.values()) {
      List<String> arguments = new ArrayList<>(List.of("client", one.name(), folder.toString()));
      arguments.addAll(ports.values());
      List<String> said = probe(arguments).lines().toList();
      assertThat(said.get(0)).isEqualTo(one.name());
      List<String> wanted = new ArrayList<>();
      ports.forEach(
          (server, port) -> HandshakeProbe.SUITES.forEach(suite -> wanted.add("ok " + suite)));
      assertThat(said.subList(1, said.size())).as("as %s", one).isEqualTo(wanted);
    }
    for (Process one : running) {
      one.getOutputStream().close();
      assertThat(one.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void the_first_that_works_is_taken_and_another_choice_takes_its_place() {
    assumeTrue(isLinux(), "the native providers are for Linux");
    assertThat(CryptoProvider.install(List.of(CryptoProvider.values())))
        .isEqualTo(CryptoProvider.ACCP);
    assertThat(Security.getProviders()[0].getName()).isEqualTo(ChosenServices.NAME);
    assertThat(Security.getProviders()[0].getServices())
        .as("no more than what was looked at")
        .hasSize(6)
        .noneMatch(service -> service.getType().equals("Mac"));

    assertThat(CryptoProvider.install(List.of(CryptoProvider.CONSCRYPT, CryptoProvider.JDK)))
        .isEqualTo(CryptoProvider.CONSCRYPT);
    assertThat(Security.getProviders()[0].getInfo()).contains("Conscrypt");

    assertThat(CryptoProvider.install(List.of())).isEqualTo(CryptoProvider.JDK);
    assertThat(Security.getProvider(ChosenServices.NAME)).isNull();
  }
}
