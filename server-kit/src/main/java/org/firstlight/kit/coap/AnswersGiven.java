package org.firstlight.kit.coap;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.Exchange.Origin;
import org.eclipse.californium.core.network.InMemoryMessageExchangeStore;
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.core.network.RandomTokenGenerator;
import org.eclipse.californium.core.network.deduplication.Deduplicator;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ClockUtil;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what devices were answered, so that a message that comes twice is not done twice (RFC
 * 7252 §4.5): an exchange while it is under way, and then only the datagram that answered it, a
 * hundred bytes or so in place of some thousands. Old ones go after EXCHANGE_LIFETIME, or earlier
 * when there are too many.
 */
public final class AnswersGiven implements Deduplicator {
  private static final long BYTES_EACH = 160;
  private static final int HEAP_SHARE = 8;
  private static final int FEWEST = 100_000;

  private final long lifetimeNanos;
  private final int most;
  private final LongSupplier nanos;
  private final UdpDataParser parser = new UdpDataParser();
  private final Map<Object, Entry> entries = new ConcurrentHashMap<>();

  /** Keys by age; guarded by itself, as the next. */
  private final Queue<Object> byAge = new ArrayDeque<>();

  private final Queue<Object> underWay = new ArrayDeque<>();

  AnswersGiven(Configuration configuration, int most, LongSupplier nanos) {
    this.lifetimeNanos = configuration.get(CoapConfig.EXCHANGE_LIFETIME, TimeUnit.NANOSECONDS);
    this.most = most;
    this.nanos = nanos;
  }

  /**
   * An endpoint with these answers.
   *
   * @param builder with all the rest
   * @param identity whose message it is, as the endpoint's matcher says
   */
  public static CoapEndpoint endpoint(
      String tag,
      Configuration configuration,
      CoapEndpoint.Builder builder,
      Function<EndpointContext, Object> identity) {
    long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_EACH;
    int most = (int) Math.max(FEWEST, Math.min(room, Integer.MAX_VALUE));
    return new AnswersGiven(configuration, most, ClockUtil::nanoRealtime)
        .build(tag, configuration, builder, identity);
  }

  CoapEndpoint build(
      String tag,
      Configuration configuration,
      CoapEndpoint.Builder builder,
      Function<EndpointContext, Object> identity) {
    InMemoryMessageExchangeStore store =
        new InMemoryMessageExchangeStore(
            tag, configuration, new RandomTokenGenerator(configuration));
    store.setDeduplicator(this);
    CoapEndpoint endpoint = builder.setMessageExchangeStore(store).build();
    endpoint.addInterceptor(
        new MessageInterceptorAdapter() {
          @Override
          public void receiveResponse(Response response) {
            if (response.getType() != Type.ACK) {
              comes(
                  new KeyMID(response.getMID(), identity.apply(response.getSourceContext())),
                  response.getToken());
            }
          }
        });
    return endpoint;
  }

  /**
   * Forgets an earlier response with another token: {@link #find} is asked by the number alone, and
   * would take the new one for it.
   */
  private void comes(KeyMID mid, Token token) {
    Object key = key(mid);
    if (entries.get(key) instanceof Entry.UnderWay entry
        && entry.exchange().getOrigin() == Origin.LOCAL
        && !token.equals(entry.token())) {
      entries.remove(key, entry);
    }
  }

  private sealed interface Entry {
    long at();

    /**
     * @param token of the message that came; the exchange goes on to others
     */
    record UnderWay(Exchange exchange, @Nullable Token token, long at) implements Entry {}

    /**
     * @param session hash of the DTLS session that asked; 0 without one
     */
    record Answered(byte[] datagram, int session, long at, long sentAt) implements Entry {}

    /**
     * A notification that was acknowledged, if it had to be: so will be one that comes again.
     *
     * @param token the observation's own, and no copy of it
     */
    record Noted(@Nullable Token token, long at) implements Entry {}
  }

  @Override
  public @Nullable Exchange findPrevious(KeyMID mid, Exchange exchange) {
    Object key = key(mid);
    long now = nanos.getAsLong();
    Entry fresh = underWay(exchange, now);
    Entry previous = entries.putIfAbsent(key, fresh);
    if (previous == null || isOver(previous, now) || !isSame(previous, exchange)) {
      if (previous != null && !entries.replace(key, previous, fresh)) {
        return null;
      }
      added(key, previous == null, now);
      return null;
    }
    if (previous instanceof Entry.Answered answered) {
      return again(answered, mid, exchange);
    }
    return previous instanceof Entry.UnderWay first ? again(first, exchange) : noted(exchange);
  }

  private static Entry underWay(Exchange exchange, long now) {
    return new Entry.UnderWay(exchange, token(exchange), now);
  }

  private static @Nullable Token token(Exchange exchange) {
    return exchange.getCurrentRequest().getToken();
  }

  private boolean isOver(Entry entry, long now) {
    return now - entry.at() > lifetimeNanos;
  }

  /**
   * A number may be used again by another session, and in the other direction. A device that
   * started anew counts from the same number, but what it was asked since has another token.
   */
  private static boolean isSame(Entry previous, Exchange exchange) {
    boolean asks = exchange.getOrigin() == Origin.REMOTE;
    if (previous instanceof Entry.Answered answered) {
      return asks && answered.session() == session(exchange);
    }
    if (previous instanceof Entry.Noted noted) {
      return !asks && Objects.equals(noted.token(), token(exchange));
    }
    Entry.UnderWay underway = (Entry.UnderWay) previous;
    return underway.exchange().getOrigin() == exchange.getOrigin()
        && (asks || Objects.equals(underway.token(), token(exchange)));
  }

  private static int session(Exchange exchange) {
    EndpointContext context = exchange.getRequest().getSourceContext();
    return context == null ? 0 : Objects.hashCode(context.get(DtlsEndpointContext.KEY_SESSION_ID));
  }

  /** A notification has an exchange each time it comes; what became of the first shows in each. */
  private static Exchange again(Entry.UnderWay first, Exchange exchange) {
    if (exchange.isNotification() && exchange != first.exchange()) {
      exchange.setCurrentResponse(first.exchange().getCurrentResponse());
    }
    return first.exchange();
  }

  private static Exchange noted(Exchange exchange) {
    Response first = new Response(ResponseCode.CONTENT);
    first.setAcknowledged(true);
    exchange.setCurrentResponse(first);
    return exchange;
  }

  /** The exchange as it was, around the request that came again. */
  private Exchange again(Entry.Answered answered, KeyMID mid, Exchange exchange) {
    Request request = exchange.getRequest();
    Exchange previous = new Exchange(request, mid.getPeer(), Origin.REMOTE, null);
    Response response = (Response) parser.parseMessage(answered.datagram());
    response.setDestinationContext(request.getSourceContext());
    response.setAcknowledged(true);
    previous.setCurrentResponse(response);
    previous.setResponse(response);
    previous.setSendNanoTimestamp(answered.sentAt());
    return previous;
  }

  /** Each that comes makes a little order: what ended becomes small, what is old goes. */
  private void added(Object key, boolean isNew, long now) {
    if (isNew) {
      synchronized (byAge) {
        byAge.add(key);
        for (Object oldest = byAge.peek(); oldest != null; oldest = byAge.peek()) {
          Entry entry = entries.get(oldest);
          if (entry != null && !isOver(entry, now) && byAge.size() <= most) {
            break;
          }
          byAge.remove();
          entries.remove(oldest);
        }
      }
    }
    synchronized (underWay) {
      for (int i = 0; i < 2 && !underWay.isEmpty(); i++) {
        Object first = underWay.remove();
        if (entries.get(first) instanceof Entry.UnderWay entry && !shrink(first, entry)) {
          underWay.add(first);
        }
      }
      underWay.add(key);
    }
  }

  private boolean shrink(Object key, Entry.UnderWay entry) {
    Exchange exchange = entry.exchange();
    if (exchange.isNotification()) {
      Response notification = exchange.getCurrentResponse();
      return notification != null
          && (notification.getType() == Type.NON || notification.isAcknowledged())
          && entries.replace(key, entry, new Entry.Noted(entry.token(), entry.at()));
    }
    if (exchange.getOrigin() == Origin.LOCAL || !exchange.isComplete()) {
      return exchange.getOrigin() == Origin.LOCAL;
    }
    Response response = exchange.getCurrentResponse();
    if (response == null) {
      return true;
    }
    // an exchange is complete a moment before its answer is written
    byte[] datagram = response.getBytes();
    return datagram != null
        && entries.replace(
            key,
            entry,
            new Entry.Answered(
                datagram, session(exchange), entry.at(), exchange.getSendNanoTimestamp()));
  }

  /** Small where it can be, and exact: an IPv4 address, its port and a message id fill a long. */
  private static Object key(KeyMID mid) {
    if (mid.getPeer() instanceof InetSocketAddress address
        && address.getAddress() instanceof Inet4Address host) {
      long ip = ByteBuffer.wrap(host.getAddress()).getInt() & 0xffff_ffffL;
      return ip << 32 | (long) address.getPort() << 16 | mid.getMID();
    }
    return mid;
  }

  @Override
  public boolean replacePrevious(KeyMID mid, Exchange previous, Exchange exchange) {
    Object key = key(mid);
    entries.put(key, underWay(exchange, nanos.getAsLong()));
    synchronized (underWay) {
      underWay.add(key);
    }
    return true;
  }

  @Override
  public @Nullable Exchange find(KeyMID mid) {
    // only responses are looked for like this, and a request of the number is none of theirs
    return entries.get(key(mid)) instanceof Entry.UnderWay entry
            && entry.exchange().getOrigin() == Origin.LOCAL
        ? entry.exchange()
        : null;
  }

  @Override
  public void start() {
    // orders itself as messages come
  }

  @Override
  public void stop() {
    clear();
  }

  @Override
  public void setExecutor(ScheduledExecutorService executor) {
    // needs none
  }

  @Override
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public void clear() {
    entries.clear();
    synchronized (byAge) {
      byAge.clear();
    }
    synchronized (underWay) {
      underWay.clear();
    }
  }
}
