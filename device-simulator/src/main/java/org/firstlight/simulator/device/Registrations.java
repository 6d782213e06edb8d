package org.firstlight.simulator.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.simulator.connection.ServerAccount;
import org.firstlight.simulator.connection.ServerConnection;

/** A device's registrations, one per account, side by side. Used on the device's thread alone. */
final class Registrations {
  private final DeviceContext device;
  private final Runnable givenUp;
  private final Map<Integer, Registration> byServer = new HashMap<>();

  /**
   * @param givenUp called when one of the servers has not taken this device too often in a row
   */
  Registrations(DeviceContext device, Runnable givenUp) {
    this.device = device;
    this.givenUp = givenUp;
  }

  /** Registers with these accounts; what was there before is forgotten. */
  void begin(List<ServerAccount> accounts) {
    abandon();
    for (ServerAccount account : accounts) {
      Registration registration = new Registration(account, device, givenUp);
      byServer.put(account.shortServerId(), registration);
      registration.register();
    }
  }

  void update(int shortServerId) {
    Optional.ofNullable(byServer.get(shortServerId)).ifPresent(Registration::update);
  }

  /** The connection to this server, if there is one. */
  Optional<ServerConnection> connection(int shortServerId) {
    return Optional.ofNullable(byServer.get(shortServerId)).flatMap(Registration::connection);
  }

  void updateAll() {
    byServer.values().forEach(Registration::update);
  }

  /** De-registers from one server; says whether there was such a registration. */
  boolean disable(int shortServerId) {
    Optional<Registration> registration = Optional.ofNullable(byServer.remove(shortServerId));
    registration.ifPresent(Registration::deregister);
    return registration.isPresent();
  }

  void pause() {
    byServer.values().forEach(Registration::pause);
  }

  CompletionStage<Void> deregister() {
    return CompletableFuture.allOf(
        byServer.values().stream()
            .map(registration -> registration.deregister().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  void abandon() {
    byServer.values().forEach(Registration::abandon);
    byServer.clear();
  }
}
