package org.firstlight.simulator.device;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.simulator.objects.DeviceDescription;
import org.firstlight.simulator.pem.PemFiles;

/**
 * What a device leaves its factory with, read from its folder.
 *
 * @param claimCode printed on its box: for the owner's eyes, never sent by the device
 */
public record DeviceFolder(
    EndpointName endpointName,
    DeviceDescription description,
    String claimCode,
    X509Certificate certificate,
    PrivateKey key) {

  public static DeviceFolder read(Path folder) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("device.properties"))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DeviceFolder(
        new EndpointName(required(properties, "endpointName")),
        new DeviceDescription(
            required(properties, "manufacturer"),
            required(properties, "model"),
            required(properties, "serialNumber"),
            new Eid(required(properties, "eid"))),
        required(properties, "claimCode"),
        PemFiles.readCertificate(folder.resolve("device.pem")),
        PemFiles.readKey(folder.resolve("device.key.pem")));
  }

  /** Every device of a folder of such folders, by name. */
  public static List<DeviceFolder> readAll(Path devices) {
    try (Stream<Path> folders = Files.list(devices)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("device.properties")))
          .sorted()
          .map(DeviceFolder::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String required(Properties properties, String name) {
    return Optional.ofNullable(properties.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("device.properties lacks " + name));
  }
}
