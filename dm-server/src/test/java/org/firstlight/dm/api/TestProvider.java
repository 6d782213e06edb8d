package org.firstlight.dm.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A certified OpenID provider as a process of its own: {@code oidc-provider} on Node, which is
 * installed below {@code target} when it is not there yet.
 */
final class TestProvider implements AutoCloseable {
  private static final Path SOURCE = Path.of("src", "test", "oidc-provider");
  private static final Path HOME = Path.of("target", "oidc-provider");

  private final Process process;
  private final int port;

  private TestProvider(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static TestProvider start(int port, String redirect, String secret) throws Exception {
    Files.createDirectories(HOME);
    for (String file : List.of("package.json", "package-lock.json", ".npmrc", "provider.mjs")) {
      Files.copy(SOURCE.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(HOME.resolve("node_modules/oidc-provider/package.json"))) {
      Process install = run(Map.of(), "npm", "ci", "--prefer-offline", "--ignore-scripts");
      String said = new String(install.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!install.waitFor(3, TimeUnit.MINUTES) || install.exitValue() != 0) {
        throw new IOException("npm ci failed: " + said);
      }
    }
    Process process =
        run(
            Map.of(
                "ISSUER_PORT",
                Integer.toString(port),
                "REDIRECT_URI",
                redirect,
                "CLIENT_SECRET",
                secret),
            "node",
            "provider.mjs");
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
      if (line == null) {
        throw new IOException("the provider ended before it was ready");
      }
    }
    // whatever it says later must not fill the pipe
    Thread drain = new Thread(() -> lines.lines().forEach(line -> {}), "provider-output");
    drain.setDaemon(true);
    drain.start();
    return new TestProvider(process, port);
  }

  private static Process run(Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(HOME.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Whom it signs in from now on, whoever asks. */
  void signsIn(String subject, String email, boolean verified) throws Exception {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/who"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"sub\":\"%s\",\"email\":\"%s\",\"email_verified\":%s}"
                            .formatted(subject, email, verified)))
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .orTimeout(5, TimeUnit.SECONDS)
        .handle((ended, late) -> process.destroyForcibly())
        .join();
  }
}
