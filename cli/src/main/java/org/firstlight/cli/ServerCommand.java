package org.firstlight.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.firstlight.cli.platform.LocalAccess;
import org.firstlight.cli.platform.Platform;
import org.firstlight.cli.platform.Platform.Role;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs servers until SIGTERM or Ctrl-C. */
abstract class ServerCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, description = "Configuration file (YAML).")
  private Path config = Path.of("firstlight.yaml");

  private static final Duration CODE_LIFETIME = Duration.ofHours(1);

  private final Set<Role> roles;

  ServerCommand(Set<Role> roles) {
    this.roles = roles;
  }

  @Override
  public Integer call() throws Exception {
    FirstlightConfig read = ConfigFile.read(config);
    Logs.into(read.dataDirectory());
    try (Platform platform = Platform.start(read, roles, Clock.systemUTC()).closeOnSignal()) {
      if (roles.contains(Role.BOOTSTRAP_SERVER)) {
        System.out.println("bootstrap  " + platform.bootstrapUri(read));
      }
      if (roles.contains(Role.DM_SERVER)) {
        announce(platform);
      }
      System.out.println("crypto     elliptic curves by " + platform.crypto().words());
      System.out.println("ready; Ctrl-C ends it, with nothing lost");
      platform.await();
    }
    return 0;
  }

  private static void announce(Platform platform) {
    System.out.println("console    " + platform.httpUri());
    if (platform.administrator().isMissing()) {
      System.out.println(
          "sign in    with the one-time code "
              + platform.administrator().oneTimeCode(CODE_LIFETIME)
              + "   (good for an hour)");
    }
    LocalAccess.publish(platform);
  }

  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = "Both servers and the console in one process.")
  static final class Up extends ServerCommand {
    Up() {
      super(EnumSet.allOf(Role.class));
    }
  }

  @Command(
      name = "bootstrap-server",
      mixinStandardHelpOptions = true,
      description = "The LwM2M Bootstrap-Server alone.")
  static final class Bootstrap extends ServerCommand {
    Bootstrap() {
      super(EnumSet.of(Role.BOOTSTRAP_SERVER));
    }
  }

  @Command(
      name = "dm-server",
      mixinStandardHelpOptions = true,
      description = "The LwM2M Server, the HTTP API and the console.")
  static final class Dm extends ServerCommand {
    Dm() {
      super(EnumSet.of(Role.DM_SERVER));
    }
  }
}
