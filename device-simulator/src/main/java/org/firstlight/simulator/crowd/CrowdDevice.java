package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.connection.EstClient;
import org.firstlight.simulator.crowd.Tally.Event;
import org.firstlight.simulator.crowd.Tally.State;
import org.firstlight.simulator.factory.CrowdMember;
import org.jspecify.annotations.Nullable;

/**
 * One device: bootstraps with its factory certificate, fetches its own by EST where it is told to,
 * registers in queue mode, sleeps, wakes for Updates and reports. Called from any thread.
 */
final class CrowdDevice {
  private static final int BOOTSTRAP = 0;

  /** An Update goes out this long before the lifetime ends, or at three quarters of a short one. */
  private static final Duration MARGIN = Duration.ofSeconds(247);

  /** The answer to a server is on its way before the device says more. */
  private static final Duration AFTER_ANSWER = Duration.ofMillis(50);

  private static final int SENML_CBOR = 112;
  private static final int SENML_JSON = 110;

  private final int number;
  private final String name;
  private final Identity factory;
  private final Crowd crowd;
  private final Life life;
  private final BootstrapSession session = new BootstrapSession();
  private Optional<Account> account = Optional.empty();
  private int server;
  private List<String> location = List.of();
  private @Nullable KeyPair keys;

  CrowdDevice(int number, CrowdMember member, Crowd crowd) {
    this.number = number;
    this.name = member.endpointName().value();
    this.factory = new Identity(member.key(), member.certificate());
    this.crowd = crowd;
    this.life = new Life(number, crowd);
  }

  String name() {
    return name;
  }

  /** The certificate that it registers with. */
  Optional<Identity> operational() {
    synchronized (life) {
      return account.flatMap(Account::identity);
    }
  }

  /** What it shows to this server in a handshake. */
  Optional<Identities.Papers> papers(int to) {
    String host = crowd.servers().host(to);
    if (to == BOOTSTRAP) {
      return Optional.of(new Identities.Papers(factory, crowd.bootstrapTrust(), host));
    }
    synchronized (life) {
      return account.flatMap(
          known -> known.identity().map(own -> new Identities.Papers(own, known.trust(), host)));
    }
  }

  /** Comes to life after this time. */
  void switchOn(Duration after) {
    life.switchOn(after, operational().isPresent() ? this::register : this::bootstrap);
  }

  /** Its power is cut: what it has written down stays, no connection does. */
  void switchOff() {
    synchronized (life) {
      life.switchOff();
      session.end();
      location = List.of();
      crowd.drop(new Line(number, BOOTSTRAP));
      crowd.drop(new Line(number, server));
    }
  }

  /** Its account is lost: it bootstraps when it is switched on. */
  void forget() {
    synchronized (life) {
      account = Optional.empty();
      keys = null;
    }
  }

  /**
   * Wakes now, tells that it is there, and sends a value.
   *
   * @return false if it is not registered, or busy
   */
  boolean report() {
    synchronized (life) {
      if (!life.isRegistered() || !life.isQuiet()) {
        return false;
      }
      life.begin(() -> update(this::send));
      return true;
    }
  }

  void connected() {
    life.connected();
  }

  private void bootstrap() {
    session.begin();
    Request request = Request.newPost();
    request.getOptions().addUriPath("bs").addUriQuery("ep=" + name);
    if (number % 2 == 0) {
      request.getOptions().addUriQuery("pct=" + SENML_CBOR);
    }
    life.ask(
        BOOTSTRAP,
        State.BOOTSTRAPPING,
        request,
        response -> {
          if (response.getCode() == ResponseCode.CHANGED) {
            watchSession();
          } else {
            session.end();
            life.refused("bootstrap", response, BOOTSTRAP, this::bootstrap);
          }
        },
        this::bootstrap);
  }

  private void watchSession() {
    if (session.isOpen()) {
      life.plan(
          crowd.timing().bootstrapIdle(),
          () -> {
            session.end();
            life.failed("the Bootstrap-Server fell silent", BOOTSTRAP, this::bootstrap);
          });
    }
  }

  /** Answers what the Bootstrap-Server asks. */
  Response toBootstrapServer(Request request) {
    synchronized (life) {
      Response answer = session.answer(request, this::finish);
      if (life.isQuiet()) {
        watchSession();
      }
      return answer;
    }
  }

  /** Whether the accounts make sense; then goes on by itself. */
  private boolean finish(Optional<Account> written) {
    try {
      if (written.isEmpty()) {
        return false;
      }
      server = crowd.servers().number(written.get().uri());
    } catch (UnknownHostException e) {
      return false;
    }
    account = written;
    keys = null;
    life.goesWell();
    crowd.happened(Event.BOOTSTRAPPED);
    life.plan(AFTER_ANSWER, operational().isPresent() ? this::leaveBootstrap : this::enrol);
    return true;
  }

  private void enrol() {
    KeyPair pair = keys == null ? EstClient.newKey() : keys;
    keys = pair;
    Request request = Request.newPost();
    request.getOptions().addUriPath("est").addUriPath("sen").setContentFormat(EstClient.PKCS10);
    request.setPayload(EstClient.firstRequest(pair, name));
    life.ask(
        BOOTSTRAP,
        State.ENROLLING,
        request,
        response -> {
          try {
            EstClient.Enrolled enrolled = EstClient.enrolled(response, pair);
            Identity own =
                new Identity(
                    pair.getPrivate().getEncoded(), Certificates.der(enrolled.certificate()));
            account = account.map(known -> known.with(own));
            keys = null;
            crowd.happened(Event.ENROLLED);
            leaveBootstrap();
          } catch (EstClient.RefusedException no) {
            life.refused(
                "est",
                response,
                BOOTSTRAP,
                Life.isLater(no.code()) ? this::enrol : this::bootstrap);
          } catch (IOException e) {
            life.failed("est gave no certificate", BOOTSTRAP, this::bootstrap);
          }
        },
        this::enrol);
  }

  private void leaveBootstrap() {
    crowd.close(new Line(number, BOOTSTRAP));
    register();
  }

  private void register() {
    Account known = account.orElseThrow();
    Request request = Request.newPost();
    request
        .getOptions()
        .addUriPath("rd")
        .setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT)
        .addUriQuery("ep=" + name)
        .addUriQuery("lt=" + known.lifetime().toSeconds())
        .addUriQuery("lwm2m=1.1")
        .addUriQuery("b=U")
        .addUriQuery("Q");
    request.setPayload(DeviceValues.LINKS);
    Runnable again =
        life.failures() >= crowd.timing().attempts() ? this::bootstrap : this::register;
    life.ask(
        server,
        State.REGISTERING,
        request,
        response -> {
          if (response.getCode() == ResponseCode.CREATED) {
            location = response.getOptions().getLocationPath();
            crowd.happened(Event.REGISTERED);
            crowd.isBack(number);
            stayAwake();
          } else {
            life.refused("register", response, server, again);
          }
        },
        again);
  }

  private void update(Runnable then) {
    Request request = Request.newPost();
    location.forEach(request.getOptions()::addUriPath);
    life.ask(
        server,
        State.REGISTERED,
        request,
        response -> {
          if (response.getCode() == ResponseCode.CHANGED) {
            crowd.happened(Event.UPDATED);
            then.run();
          } else if (Life.isLater(response.getCode())) {
            life.refused("update", response, server, () -> update(then));
          } else {
            register(); // 4.04: the server has forgotten it; the rest is cured the same way
          }
        },
        this::register);
  }

  private void send() {
    Request request = Request.newPost();
    request.getOptions().addUriPath("dp").setContentFormat(SENML_JSON);
    request.setPayload(
        "[{\"n\":\"/3/0/9\",\"v\":%d}]".formatted(ThreadLocalRandom.current().nextInt(1, 101)));
    life.ask(
        server,
        State.REGISTERED,
        request,
        response -> {
          if (response.isSuccess()) {
            crowd.happened(Event.REPORTED);
            crowd.isBack(number);
            stayAwake();
          } else {
            life.refused("send", response, server, () -> update(this::send));
          }
        },
        this::register);
  }

  /** Answers what the LwM2M Server asks. */
  Response toServer(Request request) {
    synchronized (life) {
      if (ServerRequests.isUpdateTrigger(request)) {
        life.plan(AFTER_ANSWER, () -> update(this::stayAwake));
      } else if (ServerRequests.isBootstrapTrigger(request)) {
        life.plan(AFTER_ANSWER, this::bootstrap);
      } else if (life.isRegistered() && life.isQuiet()) {
        stayAwake();
      }
      return ServerRequests.answer(request);
    }
  }

  private void stayAwake() {
    life.goesWell();
    life.is(State.REGISTERED);
    life.plan(crowd.awake(), this::sleep);
  }

  private void sleep() {
    crowd.nat().giveBack(number);
    Duration lifetime = account.orElseThrow().lifetime();
    Duration wait =
        lifetime.compareTo(MARGIN.multipliedBy(4)) > 0
            ? lifetime.minus(MARGIN)
            : lifetime.multipliedBy(3).dividedBy(4);
    life.plan(wait, () -> life.begin(() -> update(this::stayAwake)));
  }
}
