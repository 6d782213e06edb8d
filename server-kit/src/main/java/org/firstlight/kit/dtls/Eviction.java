package org.firstlight.kit.dtls;

import java.security.Principal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.eclipse.californium.elements.util.Filter;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.firstlight.fleet.device.EndpointName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the DTLS connections of devices that may no longer come, and forgets their sessions: the
 * device hears a close, and what it sends next needs a whole handshake. There is no index to keep:
 * one pass looks at every connection of this process, and the names that come meanwhile share the
 * next pass.
 */
public final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  private final DTLSConnector connector;
  private final Function<Principal, Optional<EndpointName>> names;
  private final Executor executor;
  private Set<EndpointName> waiting = new HashSet<>();
  private boolean running;

  /**
   * @param names the endpoint that a connection's peer proved in its handshake; asked for every
   *     connection, so it must be quick
   * @param executor where a pass may wait for its end
   */
  public Eviction(
      DTLSConnector connector,
      Function<Principal, Optional<EndpointName>> names,
      Executor executor) {
    this.connector = connector;
    this.names = names;
    this.executor = executor;
  }

  /** Returns at once; the connections end soon after. */
  public synchronized void evict(EndpointName endpointName) {
    waiting.add(endpointName);
    if (!running) {
      running = true;
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException closing) {
        running = false;
      }
    }
  }

  private void run() {
    for (Set<EndpointName> names = next(); !names.isEmpty(); names = next()) {
      try {
        pass(names);
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | RuntimeException fault) {
        LOG.warn("not every connection of a withdrawn device could be closed", fault);
      }
    }
  }

  private synchronized Set<EndpointName> next() {
    Set<EndpointName> next = waiting;
    waiting = new HashSet<>();
    running = !next.isEmpty();
    return next;
  }

  /** First each device is told, then its connection goes: both on the connection's own thread. */
  private void pass(Set<EndpointName> gone) throws InterruptedException, ExecutionException {
    Filter<Connection> tell =
        connection -> {
          DTLSSession session = connection.getSession();
          if (session != null && isOneOf(gone, session.getPeerIdentity())) {
            connector.close(connection.getPeerAddress());
          }
          return false;
        };
    connector.startForEach(tell).get();
    Filter<Principal> end = principal -> isOneOf(gone, principal);
    connector.startTerminateConnectionsForPrincipal(end).get();
  }

  private boolean isOneOf(Set<EndpointName> gone, Principal principal) {
    try {
      return principal != null && names.apply(principal).filter(gone::contains).isPresent();
    } catch (RuntimeException odd) {
      LOG.debug("a connection's peer has no name that can be read", odd);
      return false;
    }
  }
}
