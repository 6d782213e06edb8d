package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
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
 * registers in queue mode, sleeps, wakes for Updates and reports. Waits as long as a 5.03 or 4.29
 * says and a little longer, and after failures longer and longer; it never gives up. Called from
 * any thread.
 */
final class CrowdDevice {
  private static final int BOOTSTRAP = 0;

  /** An Update goes out this long before the lifetime ends, or at three quarters of a short one. */
  private static final Duration MARGIN = Duration.ofSeconds(247);

  /** The answer to Finish is on its way before the device says more. */
  private static final Duration AFTER_FINISH = Duration.ofMillis(50);

  private static final int SENML_CBOR = 112;
  private static final int SENML_JSON = 110;
  private static final Duration NO_MAX_AGE = Duration.ofSeconds(60);

  private final int number;
  private final String name;
  private final Identity factory;
  private final Crowd crowd;
  private final BootstrapSession session = new BootstrapSession();
  private Optional<Account> account = Optional.empty();
  private int server;
  private List<String> location = List.of();
  private State state = State.OFF;
  private State afterHandshake = State.OFF;
  private int failures;

  /** Counts switching on and off: what an earlier life asked for does not concern a later one. */
  private int life;

  private @Nullable Future<?> next;
  private @Nullable Request current;
  private @Nullable KeyPair keys;

  CrowdDevice(int number, CrowdMember member, Crowd crowd) {
    this.number = number;
    this.name = member.endpointName().value();
    this.factory = new Identity(member.key(), member.certificate());
    this.crowd = crowd;
  }

  String name() {
    return name;
  }

  /** The certificate that it registers with. */
  synchronized Optional<Identity> operational() {
    return account.flatMap(Account::identity);
  }

  /** What it shows to this server in a handshake. */
  synchronized Optional<Identities.Papers> papers(int to) {
    String host = crowd.servers().host(to);
    if (to == BOOTSTRAP) {
      return Optional.of(new Identities.Papers(factory, crowd.bootstrapTrust(), host));
    }
    return account.flatMap(
        known -> known.identity().map(own -> new Identities.Papers(own, known.trust(), host)));
  }

  /** Comes to life after this time. */
  synchronized void switchOn(Duration after) {
    life++;
    failures = 0;
    move(State.BOOTING);
    plan(after, () -> begin(operational().isPresent() ? this::register : this::bootstrap));
  }

  /** Its power is cut: what it has written down stays, no connection does. */
  synchronized void switchOff() {
    life++;
    cancel();
    session.end();
    location = List.of();
    crowd.nat().giveBack(number);
    crowd.drop(new Line(number, BOOTSTRAP));
    crowd.drop(new Line(number, server));
    move(State.OFF);
  }

  /** Its account is lost: it bootstraps when it is switched on. */
  synchronized void forget() {
    account = Optional.empty();
    keys = null;
  }

  /** Wakes now, tells that it is there, and sends a value; nothing if it is not registered. */
  synchronized void report() {
    if (state == State.REGISTERED && current == null) {
      begin(() -> update(this::send));
    }
  }

  /** A handshake has come to its end; the message that waited for it is on its way. */
  synchronized void connected() {
    if (state == State.HANDSHAKING) {
      move(afterHandshake);
    }
  }

  /** Runs it with a source address, as soon as there is one. */
  private void begin(Runnable action) {
    cancel();
    int now = life;
    crowd.nat().borrow(number, () -> crowd.execute(() -> inLife(now, action)));
  }

  private synchronized void inLife(int when, Runnable action) {
    if (life == when) {
      action.run();
    }
  }

  private void bootstrap() {
    session.begin();
    Request request = Request.newPost();
    request.getOptions().addUriPath("bs").addUriQuery("ep=" + name);
    if (number % 2 == 0) {
      request.getOptions().addUriQuery("pct=" + SENML_CBOR);
    }
    ask(
        BOOTSTRAP,
        State.BOOTSTRAPPING,
        request,
        response -> {
          if (response.getCode() == ResponseCode.CHANGED) {
            watchSession();
          } else {
            session.end();
            refused("bootstrap", response, BOOTSTRAP, this::bootstrap);
          }
        },
        this::bootstrap);
  }

  private void watchSession() {
    if (session.isOpen()) {
      plan(
          crowd.timing().bootstrapIdle(),
          () -> {
            session.end();
            failed("the Bootstrap-Server fell silent", BOOTSTRAP, this::bootstrap);
          });
    }
  }

  /** Answers what the Bootstrap-Server asks. */
  synchronized Response toBootstrapServer(Request request) {
    boolean open = session.isOpen();
    Response answer = session.answer(request, this::finish);
    if (open && current == null) {
      watchSession();
    }
    return answer;
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
    failures = 0;
    crowd.happened(Event.BOOTSTRAPPED);
    plan(AFTER_FINISH, operational().isPresent() ? this::leaveBootstrap : this::enrol);
    return true;
  }

  private void enrol() {
    KeyPair pair = keys == null ? EstClient.newKey() : keys;
    keys = pair;
    Request request = Request.newPost();
    request.getOptions().addUriPath("est").addUriPath("sen").setContentFormat(EstClient.PKCS10);
    request.setPayload(EstClient.firstRequest(pair, name));
    ask(
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
            refused("est", response, BOOTSTRAP, isLater(no.code()) ? this::enrol : this::bootstrap);
          } catch (IOException e) {
            failed("est gave no certificate", BOOTSTRAP, this::bootstrap);
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
    Runnable again = failures >= crowd.timing().attempts() ? this::bootstrap : this::register;
    ask(
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
            refused("register", response, server, again);
          }
        },
        again);
  }

  private void update(Runnable then) {
    Request request = Request.newPost();
    location.forEach(request.getOptions()::addUriPath);
    ask(
        server,
        State.REGISTERED,
        request,
        response -> {
          if (response.getCode() == ResponseCode.CHANGED) {
            crowd.happened(Event.UPDATED);
            then.run();
          } else if (isLater(response.getCode())) {
            refused("update", response, server, () -> update(then));
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
    ask(
        server,
        State.REGISTERED,
        request,
        response -> {
          if (response.isSuccess()) {
            crowd.happened(Event.REPORTED);
            crowd.isBack(number);
            stayAwake();
          } else {
            refused("send", response, server, () -> update(this::send));
          }
        },
        this::register);
  }

  /** Answers what the LwM2M Server asks. */
  synchronized Response toServer(Request request) {
    if (state == State.REGISTERED && current == null) {
      stayAwake();
    }
    if (ServerRequests.isUpdateTrigger(request)) {
      plan(AFTER_FINISH, () -> update(this::stayAwake));
    } else if (ServerRequests.isBootstrapTrigger(request)) {
      plan(AFTER_FINISH, this::bootstrap);
    }
    return ServerRequests.answer(request);
  }

  private void stayAwake() {
    failures = 0;
    move(State.REGISTERED);
    plan(crowd.awake(), this::sleep);
  }

  private void sleep() {
    crowd.nat().giveBack(number);
    Duration lifetime = account.orElseThrow().lifetime();
    Duration wait =
        lifetime.compareTo(MARGIN.multipliedBy(4)) > 0
            ? lifetime.minus(MARGIN)
            : lifetime.multipliedBy(3).dividedBy(4);
    plan(wait, () -> begin(() -> update(this::stayAwake)));
  }

  private void ask(
      int to, State doing, Request request, Consumer<Response> answered, Runnable again) {
    int now = life;
    Line line = new Line(number, to);
    cancel();
    current = request;
    afterHandshake = doing;
    move(crowd.isConnected(line) ? doing : State.HANDSHAKING);
    crowd.send(
        line,
        request,
        response -> ends(now, request, () -> answered.accept(response)),
        why -> ends(now, request, () -> failed(why, to, again)));
  }

  private synchronized void ends(int when, Request request, Runnable then) {
    if (life == when && current == request) {
      current = null;
      then.run();
    }
  }

  private static boolean isLater(ResponseCode code) {
    return code == ResponseCode.SERVICE_UNAVAILABLE || code == ResponseCode.TOO_MANY_REQUESTS;
  }

  private void refused(String what, Response response, int from, Runnable again) {
    boolean later = isLater(response.getCode());
    Duration maxAge =
        response.getOptions().hasMaxAge()
            ? Duration.ofSeconds(response.getOptions().getMaxAge())
            : later ? NO_MAX_AGE : Duration.ZERO;
    crowd.tally().refused(what + " " + response.getCode().text, maxAge);
    if (later) {
      // never early, and not all at the same second
      rest(maxAge.plus(part(maxAge, 0, 0.1)), again);
    } else {
      failed(what + " " + response.getCode().text, from, again);
    }
  }

  private void failed(String why, int to, Runnable again) {
    crowd.tally().failed(why);
    failures++;
    crowd.drop(new Line(number, to));
    rest(part(crowd.timing().retryAfter(failures), 0.5, 1.5), again);
  }

  private void rest(Duration wait, Runnable again) {
    crowd.nat().giveBack(number);
    move(State.WAITING);
    plan(
        wait,
        () -> {
          crowd.happened(Event.RETRIED);
          move(State.BOOTING);
          begin(again);
        });
  }

  private static Duration part(Duration whole, double least, double most) {
    return Duration.ofMillis(
        (long) (whole.toMillis() * ThreadLocalRandom.current().nextDouble(least, most)));
  }

  private void plan(Duration after, Runnable action) {
    int now = life;
    if (next != null) {
      next.cancel(false);
    }
    next = crowd.after(after, () -> inLife(now, action));
  }

  private void cancel() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
    Request pending = current;
    current = null;
    if (pending != null) {
      pending.cancel();
    }
  }

  private void move(State to) {
    crowd.tally().moved(state, to);
    state = to;
  }
}
