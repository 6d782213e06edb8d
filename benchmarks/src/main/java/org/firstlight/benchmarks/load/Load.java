package org.firstlight.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.firstlight.benchmarks.load.CoapMessage.Type;

/** Carries out orders for one server's devices. Used by one thread. */
final class Load implements AutoCloseable {
  private static final long REPETITION_CHECK = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

  private final Sockets sockets;
  private final Devices devices;
  private final Map<Integer, Exchange> pending = new HashMap<>();
  private final List<Observation> observations = new ArrayList<>();
  private long turn;
  private long asked;
  private long lastAsked = System.nanoTime();
  private long lastCheck = System.nanoTime();
  private Tally tally = new Tally();

  Load(Selector selector, Order order) throws IOException {
    sockets = new Sockets(selector, order.sockets(), order.port());
    devices =
        order.registrationIds().isPresent()
            ? Devices.registered(order.registrationIds().get(), order.devices())
            : new Devices(order.devices());
  }

  Result carryOut(Order order) throws IOException {
    tally = new Tally();
    turn = 0;
    switch (order.kind()) {
      case CONNECT -> {}
      case SETTLE -> settle();
      case REGISTER, UPDATE, NOTIFY, SEND -> {
        if (order.perSecond() > 0) {
          atRate(order);
        } else {
          inTurn(order);
        }
      }
    }
    return tally.result(asked, observations.size());
  }

  /** Answers what the server asks while there is nothing else to do. */
  void idle(long waitMs) throws IOException {
    sockets.receive(waitMs, this::received);
  }

  private void settle() throws IOException {
    lastAsked = System.nanoTime();
    while (System.nanoTime() - lastAsked < QUIET) {
      idle(50);
    }
  }

  private void inTurn(Order order) throws IOException {
    long end = System.nanoTime() + (long) (order.seconds() * 1e9);
    long begun = 0;
    while (order.count() > 0 ? begun < order.count() : System.nanoTime() < end) {
      while (pending.size() < order.concurrency()
          && (order.count() == 0 || begun < order.count())) {
        begin(order);
        begun++;
      }
      pump(1);
    }
    drain();
  }

  private void atRate(Order order) throws IOException {
    long start = System.nanoTime();
    long total = (long) (order.perSecond() * order.seconds());
    for (long begun = 0; begun < total; ) {
      long now = System.nanoTime();
      long due = dueAt(order, begun, start);
      while (begun < total && due <= now) {
        tally.late(System.nanoTime() - due);
        begin(order);
        begun++;
        due = dueAt(order, begun, start);
      }
      pump(1);
    }
    drain();
  }

  private static long dueAt(Order order, long number, long start) {
    return start + (long) (number * 1e9 / order.perSecond());
  }

  private void drain() throws IOException {
    while (!pending.isEmpty()) {
      pump(1);
    }
  }

  private void pump(long waitMs) throws IOException {
    sockets.receive(waitMs, this::received);
    long now = System.nanoTime();
    if (now - lastCheck > REPETITION_CHECK) {
      lastCheck = now;
      pending.values().removeIf(exchange -> exchange.isDue(now) && isGivenUp(exchange, now));
    }
  }

  private boolean isGivenUp(Exchange exchange, long now) {
    if (exchange.again(now)) {
      tally.retransmitted();
      sockets.send(exchange.socket(), exchange.wire());
      return false;
    }
    tally.failed("timeout");
    return true;
  }

  private void begin(Order order) {
    long number = turn++;
    if (order.kind() == Order.Kind.NOTIFY) {
      Observation observation = observations.get((int) (number % observations.size()));
      int mid = sockets.nextMessageId(observation.socket());
      send(-1, observation.socket(), mid, DeviceMessages.notification(mid, observation));
      return;
    }
    int device = (int) (number % (order.devices() > 0 ? order.devices() : devices.count()));
    int socket = device % sockets.count();
    int mid = sockets.nextMessageId(socket);
    byte[] token = DeviceMessages.token(key(socket, mid));
    byte[] wire =
        switch (order.kind()) {
          case REGISTER ->
              DeviceMessages.register(mid, token, Devices.name(device), lifetime(order));
          case UPDATE -> DeviceMessages.update(mid, token, devices.registrationId(device));
          default -> DeviceMessages.send(mid, token, (int) (number % 100));
        };
    send(device, socket, mid, wire);
  }

  private int lifetime(Order order) {
    return (int) Math.max(1, Math.round(order.endsAfterSeconds() - tally.seconds()));
  }

  private void send(int device, int socket, int mid, byte[] wire) {
    pending.put(key(socket, mid), new Exchange(device, socket, wire, System.nanoTime()));
    sockets.send(socket, wire);
  }

  private static int key(int socket, int mid) {
    return socket << 16 | mid;
  }

  private void received(int socket, CoapMessage message) {
    if (message.isRequest()) {
      answer(socket, message);
      return;
    }
    if (message.type() == Type.CON) {
      sockets.send(socket, CoapMessage.empty(Type.ACK, message.mid()).encode());
    }
    int key = key(socket, message.mid());
    boolean separate = message.type() == Type.CON || message.type() == Type.NON;
    if (separate && message.token().length == Integer.BYTES) {
      key = ByteBuffer.wrap(message.token()).getInt();
    }
    Exchange exchange = pending.get(key);
    if (exchange == null) {
      return;
    }
    if (message.type() == Type.ACK
        && message.code() == CoapMessage.EMPTY
        && exchange.device() >= 0) {
      exchange.acknowledged();
      return;
    }
    pending.remove(key);
    tally.answered(exchange, message, System.nanoTime());
    if (message.code() == CoapMessage.CREATED) {
      devices.registered(exchange.device(), message.texts(CoapMessage.LOCATION_PATH).get(1));
    }
  }

  private void answer(int socket, CoapMessage request) {
    asked++;
    lastAsked = System.nanoTime();
    boolean observed =
        request.option(CoapMessage.OBSERVE).filter(option -> option.asNumber() == 0).isPresent();
    if (observed) {
      observations.add(new Observation(socket, request));
    }
    int mid = request.type() == Type.CON ? 0 : sockets.nextMessageId(socket);
    sockets.send(socket, DeviceMessages.answer(request, mid, observed).encode());
  }

  @Override
  public void close() throws IOException {
    sockets.close();
  }
}
