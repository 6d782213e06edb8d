package org.firstlight.simulator.device;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.objects.LwM2mRelease;

/**
 * How a device is switched on.
 *
 * @param bootstrapServer coaps URI from its factory
 * @param trustAnchor CA of the bootstrap server's certificate, pinned in its factory
 * @param stateFile where it keeps its objects while it is off; empty for a device that forgets
 * @param cloud where it uses the credential that /19 brings; empty for nowhere
 */
public record DeviceOptions(
    URI bootstrapServer,
    X509Certificate trustAnchor,
    LwM2mRelease release,
    Timing timing,
    Optional<Path> stateFile,
    Optional<URI> cloud) {

  /** LwM2M 1.1, the specifications' patience, nothing kept. */
  public static DeviceOptions of(URI bootstrapServer, X509Certificate trustAnchor) {
    return new DeviceOptions(
        bootstrapServer,
        trustAnchor,
        LwM2mRelease.V1_1,
        Timing.standard(),
        Optional.empty(),
        Optional.empty());
  }

  public DeviceOptions with(Timing other) {
    return new DeviceOptions(bootstrapServer, trustAnchor, release, other, stateFile, cloud);
  }

  public DeviceOptions with(LwM2mRelease other) {
    return new DeviceOptions(bootstrapServer, trustAnchor, other, timing, stateFile, cloud);
  }

  public DeviceOptions keeping(Path file) {
    return new DeviceOptions(
        bootstrapServer, trustAnchor, release, timing, Optional.of(file), cloud);
  }

  public DeviceOptions usingCloud(URI uri) {
    return new DeviceOptions(
        bootstrapServer, trustAnchor, release, timing, stateFile, Optional.of(uri));
  }
}
