package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.crowd.Tally.Event;
import org.firstlight.simulator.factory.CrowdMember;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thousands of devices in one process, and what happens to all of them at once. */
public final class Crowd implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Crowd.class);

  /** How long the power is away: connections are gone by then. */
  private static final Duration DARKNESS = Duration.ofSeconds(2);

  private static final Duration BUSY = Duration.ofSeconds(1);

  private final CrowdOptions options;
  private final Servers servers = new Servers();
  private final Tally tally = new Tally();
  private final ScheduledThreadPoolExecutor threads;
  private final Nat nat;
  private final Stack stack;
  private final List<CrowdDevice> devices = new ArrayList<>();
  private final Trust bootstrapTrust;
  private volatile Phase phase = new Phase("off", 0, tally);

  /**
   * Devices that are switched off.
   *
   * @throws IOException if the Bootstrap-Server's name leads nowhere, or there are too few sockets
   */
  public Crowd(List<CrowdMember> members, CrowdOptions options) throws IOException {
    if (members.isEmpty() || members.size() > Line.MOST_DEVICES) {
      throw new IllegalArgumentException(
          "a crowd has 1 to %d devices".formatted(Line.MOST_DEVICES));
    }
    this.options = options;
    bootstrapTrust = new Trust(options.trust(), Trust.TRUST_ANCHOR);
    int bootstrap = servers.number(options.bootstrap());
    for (CrowdMember member : members) {
      devices.add(new CrowdDevice(devices.size(), member, this));
    }
    threads =
        (ScheduledThreadPoolExecutor)
            Executors.newScheduledThreadPool(
                Math.max(2, Runtime.getRuntime().availableProcessors()) + 1, Crowd::thread);
    threads.setRemoveOnCancelPolicy(true);
    nat =
        new Nat(
            Math.min(options.addresses(), members.size()), servers.address(bootstrap).getAddress());
    stack =
        new Stack(
            new Stack.Size(members.size(), options.timing()),
            nat,
            servers,
            line -> devices.get(line.device()).papers(line.server()),
            new Handshakes(),
            new Requests(),
            threads);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "crowd");
    thread.setDaemon(true);
    return thread;
  }

  /** Every device is switched on, each within this time; over when all are registered. */
  public Phase switchOn(String name, Duration jitter) {
    Phase next = begin(name, devices.size());
    devices.forEach(device -> device.switchOn(somewhereIn(jitter)));
    return next;
  }

  /**
   * The power is cut and comes back: every connection is lost, and all come at once.
   *
   * @param forgetful share of those that have lost their account too, and bootstrap again
   */
  public Phase cutPower(String name, Duration jitter, double forgetful)
      throws InterruptedException {
    for (CrowdDevice device : devices) {
      device.switchOff();
    }
    int forgetting = (int) Math.round(devices.size() * forgetful);
    devices.subList(0, forgetting).forEach(CrowdDevice::forget);
    Thread.sleep(DARKNESS.toMillis());
    return switchOn(name, jitter);
  }

  /** Every device wakes once in this time, updates its registration and sends a value. */
  public Phase report(String name, Duration period) {
    Phase next = begin(name, devices.size());
    devices.forEach(device -> report(device, somewhereIn(period), next));
    return next;
  }

  /** One that is busy just then has its turn a little later. */
  private void report(CrowdDevice device, Duration when, Phase within) {
    after(
        when,
        () -> {
          if (phase == within && !device.report()) {
            report(device, BUSY, within);
          }
        });
  }

  private Phase begin(String name, int expected) {
    tally.begin();
    phase = new Phase(name, expected, tally);
    return phase;
  }

  private static Duration somewhereIn(Duration time) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(time.toMillis() + 1));
  }

  /** Hex SHA-256 of the certificate that each device registers with, by endpoint name. */
  public Map<String, String> certificates() {
    Map<String, String> all = new TreeMap<>();
    for (CrowdDevice device : devices) {
      device
          .operational()
          .ifPresent(own -> all.put(device.name(), Certificates.hexSha256(own.certificate())));
    }
    return all;
  }

  Servers servers() {
    return servers;
  }

  Nat nat() {
    return nat;
  }

  Tally tally() {
    return tally;
  }

  Timing timing() {
    return options.timing();
  }

  Duration awake() {
    return options.awake();
  }

  Trust bootstrapTrust() {
    return bootstrapTrust;
  }

  void happened(Event event) {
    tally.happened(event);
  }

  void isBack(int device) {
    phase.isBack(device);
  }

  boolean isConnected(Line line) {
    return stack.isConnected(line);
  }

  void send(Line line, Request request, Consumer<Response> answered, Consumer<String> unanswered) {
    stack.send(line, request, answered, unanswered);
  }

  void close(Line line) {
    stack.close(line);
  }

  void drop(Line line) {
    stack.drop(line);
  }

  void execute(Runnable work) {
    after(Duration.ZERO, work);
  }

  /** Runs it later; an error in one device's work is not another's. */
  Future<?> after(Duration time, Runnable work) {
    return threads.schedule(
        () -> {
          try {
            work.run();
          } catch (RejectedExecutionException ending) {
            LOG.debug("the run is over", ending);
          } catch (RuntimeException e) {
            LOG.error("a device of the crowd stopped where it was", e);
          }
        },
        time.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    stack.close();
    threads.shutdownNow();
    nat.close();
  }

  private Optional<Line> line(InetSocketAddress address) {
    return Line.of(address).filter(line -> line.device() < devices.size());
  }

  private final class Handshakes extends SessionAdapter {
    @Override
    public void contextEstablished(Handshaker handshaker, DTLSContext context) {
      happened(Event.HANDSHAKES);
      line(handshaker.getPeerAddress()).ifPresent(line -> devices.get(line.device()).connected());
    }

    @Override
    public void handshakeFailed(Handshaker handshaker, Throwable error) {
      if (!handshaker.hasContextEstablished()) {
        happened(Event.HANDSHAKES_FAILED);
      }
    }
  }

  private final class Requests implements MessageDeliverer {
    @Override
    public void deliverRequest(Exchange exchange) {
      Request request = exchange.getRequest();
      Response answer =
          line(request.getSourceContext().getPeerAddress())
              .map(line -> answer(line, request))
              .orElseGet(() -> new Response(ResponseCode.NOT_FOUND));
      happened(Event.REQUESTS_ANSWERED);
      exchange.sendResponse(answer);
    }

    private Response answer(Line line, Request request) {
      CrowdDevice device = devices.get(line.device());
      return line.server() == 0 ? device.toBootstrapServer(request) : device.toServer(request);
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
      exchange.getRequest().setResponse(response);
    }
  }
}
