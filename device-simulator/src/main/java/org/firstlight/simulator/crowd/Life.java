package org.firstlight.simulator.crowd;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.simulator.crowd.Tally.Event;
import org.firstlight.simulator.crowd.Tally.State;
import org.jspecify.annotations.Nullable;

/**
 * One device's time: whether it is on, the request that it waits on, and what it will do next.
 * Waits as long as a 5.03 or 4.29 says and a little longer, and after failures longer and longer;
 * it never gives up. Its monitor is the device's: what is run from here holds it.
 */
final class Life {
  private static final Duration NO_MAX_AGE = Duration.ofSeconds(60);

  private final int number;
  private final Crowd crowd;
  private State state = State.OFF;
  private State afterHandshake = State.OFF;
  private int failures;

  /** Counts switching on and off: what an earlier life asked for does not concern a later one. */
  private int count;

  private @Nullable Future<?> next;
  private @Nullable Request current;

  Life(int number, Crowd crowd) {
    this.number = number;
    this.crowd = crowd;
  }

  /** Begins anew, after this time. */
  synchronized void switchOn(Duration after, Runnable first) {
    count++;
    failures = 0;
    is(State.BOOTING);
    plan(after, () -> begin(first));
  }

  synchronized void switchOff() {
    count++;
    cancel();
    crowd.nat().giveBack(number);
    is(State.OFF);
  }

  /** A handshake has come to its end; the message that waited for it is on its way. */
  synchronized void connected() {
    if (state == State.HANDSHAKING) {
      is(afterHandshake);
    }
  }

  /** Whether it waits for nothing from a server. */
  synchronized boolean isQuiet() {
    return current == null;
  }

  synchronized boolean isRegistered() {
    return state == State.REGISTERED;
  }

  /** Failures in a row. */
  int failures() {
    return failures;
  }

  /** Something went as it should. */
  void goesWell() {
    failures = 0;
  }

  void is(State now) {
    crowd.tally().moved(state, now);
    state = now;
  }

  /** Runs it with a source address, as soon as there is one. */
  void begin(Runnable action) {
    cancel();
    int when = count;
    crowd
        .nat()
        .borrow(
            number,
            () -> {
              crowd.happened(Event.ADDRESSES_TAKEN);
              crowd.execute(() -> inLife(when, action));
            });
  }

  /** Runs it later, in place of what was planned before. */
  void plan(Duration after, Runnable action) {
    int when = count;
    if (next != null) {
      next.cancel(false);
    }
    next = crowd.after(after, () -> inLife(when, action));
  }

  private synchronized void inLife(int when, Runnable action) {
    if (count == when) {
      action.run();
    }
  }

  /**
   * Sends a request; drops what was planned.
   *
   * @param doing what that is, once a handshake is over
   * @param again what to do later if there is no answer
   */
  void ask(int to, State doing, Request request, Consumer<Response> answered, Runnable again) {
    int when = count;
    Line line = new Line(number, to);
    cancel();
    current = request;
    afterHandshake = doing;
    is(crowd.isConnected(line) ? doing : State.HANDSHAKING);
    crowd.send(
        line,
        request,
        response -> ends(when, request, () -> answered.accept(response)),
        why -> ends(when, request, () -> failed(why, to, again)));
  }

  private synchronized void ends(int when, Request request, Runnable then) {
    if (count == when && current == request) {
      current = null;
      then.run();
    }
  }

  /** Whether the server will take it another time. */
  static boolean isLater(ResponseCode code) {
    return code == ResponseCode.SERVICE_UNAVAILABLE || code == ResponseCode.TOO_MANY_REQUESTS;
  }

  /** Tries again when the server says, or as after a failure if it says nothing. */
  void refused(String what, Response response, int by, Runnable again) {
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
      failed(what + " " + response.getCode().text, by, again);
    }
  }

  /** Gives up the connection, and tries again after a while. */
  void failed(String why, int to, Runnable again) {
    crowd.tally().failed(why);
    failures++;
    crowd.drop(new Line(number, to));
    rest(part(crowd.timing().retryAfter(failures), 0.5, 1.5), again);
  }

  private void rest(Duration wait, Runnable again) {
    crowd.nat().giveBack(number);
    is(State.WAITING);
    plan(
        wait,
        () -> {
          crowd.happened(Event.RETRIED);
          is(State.BOOTING);
          begin(again);
        });
  }

  private static Duration part(Duration whole, double least, double most) {
    return Duration.ofMillis(
        (long) (whole.toMillis() * ThreadLocalRandom.current().nextDouble(least, most)));
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
}
