package org.firstlight.kit.http;

import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events to many browsers: whoever offers never waits. A browser that reads too slowly
 * is cut off, and resumes by its Last-Event-ID; a quiet one gets a comment now and then, so that
 * its end is noticed.
 */
public final class EventFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
  private static final int MAX_QUEUE = 1000;
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private final int maxSubscribers;
  private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
  private final ExecutorService writers = Executors.newCachedThreadPool(daemon("sse-writer"));
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(daemon("sse-heart"));

  /**
   * @param heartbeat how often a quiet stream shows a sign of life
   */
  public EventFeed(int maxSubscribers, Duration heartbeat) {
    this.maxSubscribers = maxSubscribers;
    heart.scheduleWithFixedDelay(
        () -> subscribers.forEach(Subscriber::beat),
        heartbeat.toMillis(),
        heartbeat.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /**
   * Keeps the client's stream open until it goes, falls behind or the feed closes.
   *
   * @param whenGone runs once, on any thread
   * @return the stream to offer events to; an ended one if there are too many already
   */
  public Subscriber attach(SseClient client, Runnable whenGone) {
    Subscriber subscriber = new Subscriber(client, whenGone);
    client.keepAlive();
    client.onClose(subscriber::end);
    subscribers.add(subscriber);
    if (subscribers.size() > maxSubscribers) {
      subscriber.close();
    }
    return subscriber;
  }

  /** How many streams are open. */
  public int size() {
    return subscribers.size();
  }

  /** Ends every stream, and returns when that is done: the server under them may stop then. */
  @Override
  public void close() {
    heart.shutdownNow();
    List<Thread> closers = subscribers.stream().map(Subscriber::close).toList();
    writers.shutdown();
    long end = System.nanoTime() + CLOSING.toNanos();
    try {
      for (Thread closer : closers) {
        closer.join(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private record Event(String type, String id, Object data) {}

  /** One browser's stream. */
  public final class Subscriber {
    private final SseClient client;
    private final Runnable whenGone;
    private final Queue<Event> queue = new ArrayDeque<>();
    private boolean writing;
    private boolean beat;
    private boolean ended;

    private Subscriber(SseClient client, Runnable whenGone) {
      this.client = client;
      this.whenGone = whenGone;
    }

    /**
     * Queues one event and returns at once.
     *
     * @param id what the browser gives as Last-Event-ID when it comes back
     * @param data written as JSON
     * @return false if the stream has ended: it fell behind or went away
     */
    public boolean offer(String type, String id, Object data) {
      synchronized (this) {
        if (ended) {
          return false;
        }
        if (queue.size() < MAX_QUEUE) {
          queue.add(new Event(type, id, data));
          write();
          return true;
        }
      }
      close();
      return false;
    }

    /** Ends the stream, as of somebody who may follow it no longer. */
    public void cutOff() {
      close();
    }

    private synchronized void beat() {
      beat = true;
      write();
    }

    private void write() {
      if (!writing && !ended) {
        writing = true;
        writers.execute(this::drain);
      }
    }

    private void drain() {
      while (true) {
        Event event;
        synchronized (this) {
          event = queue.poll();
          if (ended || (event == null && !beat)) {
            writing = false;
            return;
          }
          beat = false;
        }
        send(event);
        if (client.terminated()) {
          end();
        }
      }
    }

    /** Of nothing, a sign of life. */
    private void send(@Nullable Event event) {
      try {
        if (event == null) {
          client.sendComment("");
        } else {
          client.sendEvent(event.type(), event.data(), event.id());
        }
      } catch (RuntimeException e) {
        if (hasEnded()) {
          LOG.debug("a stream was closed in the middle of a write", e);
        } else {
          LOG.warn("a stream of events fails, and is ended", e);
          end();
        }
      }
    }

    private synchronized boolean hasEnded() {
      return ended;
    }

    private Thread close() {
      // closing waits for a writer that a dead connection holds; the one who offered must not
      end();
      Thread closer = daemon("sse-close").newThread(this::closeClient);
      closer.start();
      return closer;
    }

    private void closeClient() {
      try {
        client.close();
      } catch (RuntimeException e) {
        LOG.debug("a stream was closed in the middle of a write", e);
      }
    }

    private void end() {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        queue.clear();
      }
      subscribers.remove(this);
      whenGone.run();
    }
  }
}
