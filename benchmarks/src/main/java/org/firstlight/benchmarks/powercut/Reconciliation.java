package org.firstlight.benchmarks.powercut;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.firstlight.cli.ApiClient;

/**
 * What the platform knows of devices, beside what they know themselves.
 *
 * @param registered devices with a registration
 * @param sameCertificate devices whose newest certificate there is the one that they hold
 * @param wrong names of those that are not both
 */
record Reconciliation(int devices, long registered, long sameCertificate, Set<String> wrong) {
  /**
   * @param held hex SHA-256 of the certificate, by endpoint name
   */
  static Reconciliation of(ApiClient api, Map<String, String> held) {
    Set<String> unregistered = new ConcurrentSkipListSet<>();
    Set<String> other = new ConcurrentSkipListSet<>();
    held.entrySet().parallelStream()
        .forEach(
            one -> {
              JsonNode device = api.get("/devices/" + ApiClient.segment(one.getKey()));
              if (!device.hasNonNull("registration")) {
                unregistered.add(one.getKey());
              }
              if (!device.at("/credentials/0/sha256").asText().equals(one.getValue())) {
                other.add(one.getKey());
              }
            });
    Set<String> wrong = new ConcurrentSkipListSet<>(unregistered);
    wrong.addAll(other);
    return new Reconciliation(
        held.size(), held.size() - unregistered.size(), held.size() - other.size(), wrong);
  }

  boolean isWhole(int expected) {
    return devices == expected && wrong.isEmpty();
  }
}
