package org.firstlight.dm.api;

import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.kit.http.EventFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens, live and looked back at. */
final class EventRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
  private static final int LOOK_BACK = 2000;
  private static final int MOST_NEWEST = 500;

  private final EventStream events;
  private final EventFeed feed;
  private final Devices devices;
  private final SignIn signIn;
  private final Clock clock;

  EventRoutes(EventStream events, EventFeed feed, Devices devices, SignIn signIn, Clock clock) {
    this.events = events;
    this.feed = feed;
    this.devices = devices;
    this.signIn = signIn;
    this.clock = clock;
  }

  record View(
      Instant at,
      String type,
      Optional<String> endpointName,
      Optional<String> tenant,
      Map<String, String> details) {
    static View of(FleetEvent event) {
      return new View(
          event.at(),
          event.type(),
          event.endpointName().map(EndpointName::value),
          event.tenant(),
          event.details());
    }
  }

  record HandshakeFailure(
      Instant at,
      Optional<String> server,
      Optional<String> address,
      Optional<String> subject,
      Optional<String> issuer,
      Optional<String> reason) {
    static HandshakeFailure of(FleetEvent event) {
      return new HandshakeFailure(
          event.at(),
          Optional.ofNullable(event.details().get("server")),
          Optional.ofNullable(event.details().get("address")),
          Optional.ofNullable(event.details().get("subject")),
          Optional.ofNullable(event.details().get("issuer")),
          Optional.ofNullable(event.details().get("reason")));
    }
  }

  /** Opens the stream; it resumes where the browser says that it stopped. */
  Answer follow(Call call) {
    Optional<String> device = call.query("endpointName");
    device.ifPresent(name -> Call.demand(devices.find(name, call.principal())));
    // Javalin leaves any other request without an answer
    if (call.header("Accept").filter(accept -> accept.contains("text/event-stream")).isEmpty()) {
      throw new HttpResponseException(HttpStatus.NOT_ACCEPTABLE, "", Map.of());
    }
    Optional<String> after = call.header("Last-Event-ID").or(() -> call.query("lastEventId"));
    int newest = call.number("newest", 0, MOST_NEWEST).orElse(0);
    Predicate<FleetEvent> seen =
        new EventSight(devices, call.principal(), clock)
            .and(
                event ->
                    device.isEmpty()
                        || event.endpointName().map(EndpointName::value).equals(device));
    // looked up before the browser hears that it is connected: what happens from then on it gets
    LookBack back = after.map(LookBack::resuming).orElseGet(() -> lookBack(newest, seen));
    new SseHandler(client -> open(client, back, seen, call.principal())).handle(call.ctx());
    return Answer.streamed();
  }

  /**
   * Where following begins.
   *
   * @param shown past events to show first
   */
  private record LookBack(List<EventStream.Entry> shown, String cursor) {
    static LookBack resuming(String cursor) {
      return new LookBack(List.of(), cursor);
    }
  }

  private LookBack lookBack(int newest, Predicate<FleetEvent> seen) {
    List<EventStream.Entry> past = BlockingState.await(events.newest(newest == 0 ? 1 : LOOK_BACK));
    List<EventStream.Entry> wanted =
        past.stream().filter(entry -> seen.test(entry.event())).toList();
    return new LookBack(
        wanted.subList(Math.max(0, wanted.size() - newest), wanted.size()),
        past.isEmpty() ? "" : past.get(past.size() - 1).cursor());
  }

  private void open(
      SseClient client, LookBack back, Predicate<FleetEvent> seen, Principal principal) {
    AtomicReference<Optional<AutoCloseable>> following = new AtomicReference<>(Optional.empty());
    EventFeed.Subscriber subscriber =
        feed.attach(client, () -> following.get().ifPresent(EventRoutes::close));
    back.shown().forEach(entry -> offer(subscriber, entry));
    AutoCloseable follower =
        follow(
            back.cursor(),
            entry -> {
              if (SignIn.mayEnd(entry.event(), principal) && !signIn.isGood(principal)) {
                subscriber.cutOff();
                return;
              }
              if (seen.test(entry.event()) && !offer(subscriber, entry)) {
                following.get().ifPresent(EventRoutes::close);
              }
            });
    following.set(Optional.of(follower));
    if (client.terminated()) {
      close(follower);
    }
  }

  /** From now on, if the cursor is none of ours: a browser would repeat it for ever. */
  private AutoCloseable follow(String cursor, Consumer<EventStream.Entry> consumer) {
    try {
      return events.follow(cursor, consumer);
    } catch (IllegalArgumentException notOurs) {
      return events.follow("", consumer);
    }
  }

  private static boolean offer(EventFeed.Subscriber subscriber, EventStream.Entry entry) {
    return subscriber.offer("message", entry.cursor(), View.of(entry.event()));
  }

  private static void close(AutoCloseable follower) {
    // closing waits for the thread that may be the one that closes
    Thread closer =
        new Thread(
            () -> {
              try {
                follower.close();
              } catch (Exception e) {
                LOG.warn("a follower of the event stream did not close", e);
              }
            },
            "sse-unfollow");
    closer.setDaemon(true);
    closer.start();
  }

  Answer handshakeFailures(Call call) {
    List<HandshakeFailure> newest =
        BlockingState.await(events.newest(LOOK_BACK, "handshake.failed"::equals)).stream()
            .map(EventStream.Entry::event)
            .sorted(Comparator.comparing(FleetEvent::at).reversed())
            .limit(call.limit())
            .map(HandshakeFailure::of)
            .toList();
    return Answer.ok(Call.Items.of(newest));
  }
}
