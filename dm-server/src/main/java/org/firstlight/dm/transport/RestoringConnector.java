package org.firstlight.dm.transport;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ResumptionSupportingConnectionStore;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.pki.Certificates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DTLS connector whose saved connections learn again whose they are: a raw public key names
 * nobody, and what the handshake found out is not saved with it.
 */
final class RestoringConnector extends DTLSConnector {
  private static final Logger LOG = LoggerFactory.getLogger(RestoringConnector.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ResumptionSupportingConnectionStore connections;

  RestoringConnector(DtlsConnectorConfig config) {
    this(config, createConnectionStore(config));
  }

  private RestoringConnector(
      DtlsConnectorConfig config, ResumptionSupportingConnectionStore connections) {
    super(config, connections);
    this.connections = connections;
  }

  /**
   * To be called before it starts. A connection whose key is nobody's by now is left out, and so
   * are those that nobody can be asked about: their devices shake hands anew.
   */
  void nameRawKeys(RawKeyHolders holders) {
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    List<Connection> unnamed = new ArrayList<>();
    for (Connection connection : connections()) {
      if (connection.getEstablishedPeerIdentity() instanceof RawPublicKeyIdentity key) {
        unnamed.add(connection);
        asked.add(
            holders
                .holder(Certificates.keySha256(key.getKey()))
                .thenAccept(holder -> name(connection, key, holder))
                .toCompletableFuture());
      }
    }
    try {
      CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
          .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException away) {
      LOG.warn("not every raw public key could be looked up: its device shakes hands anew");
      LOG.debug("the look-up's failure", away);
    }
    unnamed.stream()
        .filter(connection -> isNameless(connection.getEstablishedPeerIdentity()))
        .forEach(connection -> connections.remove(connection, true));
  }

  private List<Connection> connections() {
    List<Connection> all = new ArrayList<>();
    connections.iterator().forEachRemaining(all::add);
    return all;
  }

  private static void name(
      Connection connection, RawPublicKeyIdentity key, Optional<EndpointName> holder) {
    holder.ifPresent(
        name -> connection.setEstablishedPeerIdentity(key.amend(Peers.info(key, name))));
  }

  private static boolean isNameless(Principal principal) {
    return Peers.endpointName(principal).isEmpty();
  }
}
