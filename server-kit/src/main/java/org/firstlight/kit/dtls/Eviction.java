package org.firstlight.kit.dtls;

import java.security.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.californium.elements.util.Filter;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.firstlight.fleet.device.EndpointName;
import org.jspecify.annotations.Nullable;
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
  private Leaving waiting = new Leaving();
  private boolean running;

  /** Whose connections the next pass ends. */
  private static final class Leaving {
    private final Set<EndpointName> names = new HashSet<>();
    private final List<Predicate<Principal>> kinds = new ArrayList<>();

    boolean isEmpty() {
      return names.isEmpty() && kinds.isEmpty();
    }
  }

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
    waiting.names.add(endpointName);
    begin();
  }

  /**
   * Returns at once; the connections of the peers that are such end soon after.
   *
   * @param such asked twice for every connection, on the connection's own thread
   */
  public synchronized void evictAll(Predicate<Principal> such) {
    waiting.kinds.add(such);
    begin();
  }

  private synchronized void begin() {
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
    for (Leaving leaving = next(); !leaving.isEmpty(); leaving = next()) {
      try {
        pass(leaving);
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | RuntimeException fault) {
        LOG.warn("not every connection of a withdrawn device could be closed", fault);
      }
    }
  }

  private synchronized Leaving next() {
    Leaving next = waiting;
    waiting = new Leaving();
    running = !next.isEmpty();
    return next;
  }

  /** First each device is told, then its connection goes: both on the connection's own thread. */
  private void pass(Leaving gone) throws InterruptedException, ExecutionException {
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

  private boolean isOneOf(Leaving gone, @Nullable Principal principal) {
    try {
      return principal != null
          && (gone.kinds.stream().anyMatch(such -> such.test(principal))
              || names.apply(principal).filter(gone.names::contains).isPresent());
    } catch (RuntimeException odd) {
      LOG.debug("a connection's peer has no name that can be read", odd);
      return false;
    }
  }
}
