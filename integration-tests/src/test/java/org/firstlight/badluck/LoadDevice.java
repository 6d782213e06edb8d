package org.firstlight.badluck;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.badluck.DeviceSocket.Exchange;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Subject;

/**
 * A device that registers, sends Updates, and now and then registers anew. Each carries a Lifetime
 * that no other did, so what is stored tells which of them was done.
 */
final class LoadDevice implements Load.Client {
  private static final int FIRST_LIFETIME = 100_000;
  private static final int UPDATES_PER_REGISTER = 50;
  private static final String LINKS = "</>;rt=\"oma.lwm2m\",</1/0>,</3/0>";

  /** A little more than a message id lives at 16 bits of them (RFC 7252 §4.4). */
  private static final long SHORTEST_STEP_MS = 5;

  /** A real device waits longer than this after 5.03: these are impatient, which is harder. */
  private static final long BACK_OFF_MS = 300;

  private final String endpointName;
  private final Subject subject;
  private final DeviceSocket socket;
  private final Ledger ledger;
  private final Random random;
  private long lifetime = FIRST_LIFETIME;
  private String id = "";

  LoadDevice(String endpointName, InetSocketAddress server, Ledger ledger, long seed)
      throws IOException {
    this.endpointName = endpointName;
    this.subject = new Subject(Kind.REGISTRATION, endpointName);
    this.socket = new DeviceSocket(server);
    this.ledger = ledger;
    this.random = new Random(seed);
  }

  @Override
  public boolean step() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    lifetime++;
    boolean register = id.isEmpty() || random.nextInt(UPDATES_PER_REGISTER) == 0;
    ledger.attempted(subject, lifetime);
    if (register) {
      // whatever comes of it: the registration before may be replaced
      id = "";
    }
    Exchange exchange = socket.ask(register ? register() : update());
    boolean acknowledged = exchange.response().filter(answer -> took(answer, register)).isPresent();
    if (register) {
      ledger.register(endpointName, acknowledged, exchange.sentOnce());
    }
    long left = SHORTEST_STEP_MS - (System.nanoTime() - begun) / 1_000_000;
    Thread.sleep(Math.max(0, acknowledged ? left : BACK_OFF_MS));
    return acknowledged;
  }

  private Request register() {
    Request request = Request.newPost();
    request.getOptions().addUriPath("rd").setContentFormat(40);
    request.getOptions().addUriQuery("ep=" + endpointName).addUriQuery("lwm2m=1.1");
    request.getOptions().addUriQuery("b=U").addUriQuery("lt=" + lifetime);
    request.setPayload(LINKS);
    return request;
  }

  private Request update() {
    Request request = Request.newPost();
    request.getOptions().addUriPath("rd").addUriPath(id).addUriQuery("lt=" + lifetime);
    return request;
  }

  private boolean took(Response answer, boolean register) {
    switch (answer.getCode()) {
      case CREATED -> {
        id = answer.getOptions().getLocationPath().get(1);
        ledger.acknowledged(subject, lifetime);
        return true;
      }
      case CHANGED -> {
        ledger.acknowledged(subject, lifetime);
        return true;
      }
      case NOT_FOUND -> {
        ledger.refused(subject, lifetime);
        ledger.unknownToServer();
        id = "";
      }
      case SERVICE_UNAVAILABLE -> {
        if (!answer.getOptions().hasMaxAge()) {
          ledger.surprise(this + " got a 5.03 that does not say when to come again");
        }
      }
      default ->
          ledger.surprise(
              "%s got %s for %s: %s"
                  .formatted(
                      this,
                      answer.getCode(),
                      register ? "a Register" : "an Update",
                      answer.getPayloadString()));
    }
    return false;
  }

  @Override
  public String toString() {
    return endpointName;
  }

  @Override
  public void close() {
    socket.close();
  }
}
