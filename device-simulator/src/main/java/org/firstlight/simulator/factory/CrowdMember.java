package org.firstlight.simulator.factory;

import java.util.Base64;
import org.firstlight.fleet.device.EndpointName;

/**
 * One device of a crowd, with what its factory gave it.
 *
 * @param key PKCS#8
 * @param certificate DER
 */
public record CrowdMember(EndpointName endpointName, byte[] key, byte[] certificate) {
  private static final int PARTS = 3;

  static CrowdMember parse(String line) {
    String[] parts = line.split(" ");
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("not a line of a crowd: name, key and certificate");
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return new CrowdMember(
        new EndpointName(parts[0]), base64.decode(parts[1]), base64.decode(parts[2]));
  }

  @Override
  public String toString() {
    return endpointName.value();
  }
}
