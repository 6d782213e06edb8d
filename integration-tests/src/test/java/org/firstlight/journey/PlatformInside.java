package org.firstlight.journey;

import java.nio.file.Path;
import java.time.Clock;
import org.firstlight.cli.platform.Platform;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.pki.Pki;

/** Both servers in this JVM, put together as {@code firstlight up} puts them. */
final class PlatformInside implements RunningPlatform {
  private final Platform platform;

  PlatformInside(Path config) throws Exception {
    platform = Platform.start(ConfigFile.read(config), Clock.systemUTC());
  }

  Pki pki() {
    return platform.pki();
  }

  @Override
  public void stop() {
    platform.close();
  }

  @Override
  public void kill() {
    throw new UnsupportedOperationException("it would take the test along");
  }
}
