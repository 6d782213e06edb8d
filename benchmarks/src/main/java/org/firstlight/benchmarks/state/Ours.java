package org.firstlight.benchmarks.state;

import static org.firstlight.cli.ApiClient.segment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.firstlight.benchmarks.load.Order;
import org.firstlight.benchmarks.process.LoadProcess;
import org.firstlight.benchmarks.process.OurServer;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.benchmarks.process.Server;
import org.firstlight.cli.ApiClient;

/** Firstlight's own {@code dm-server}. */
final class Ours implements Candidate {
  private static final String LOST = "device.lost";
  private static final int PAGES_DEEP = 100;

  private final Server server;
  private final Inventory inventory;
  private final LoadProcess load;
  private final ApiClient api;
  private final AtomicLong expired = new AtomicLong();
  private Optional<AutoCloseable> following = Optional.empty();

  private Ours(Server server, Path folder, Inventory inventory, LoadProcess load) {
    this.server = server;
    this.inventory = inventory;
    this.load = load;
    this.api = OurServer.api(folder);
  }

  static Ours start(
      Path folder,
      RedisProcess redis,
      Inventory inventory,
      LoadProcess load,
      List<String> options) {
    return new Ours(OurServer.start(folder, redis, options), folder, inventory, load);
  }

  @Override
  public Server server() {
    return server;
  }

  /** What shall be observed is in state; the server asks for it when the device registers. */
  @Override
  public void observe(int count) {
    inventory.observe(count, "/3/0/9");
    load.carryOut(Order.times(Order.Kind.REGISTER, 128, count));
    load.carryOut(Order.settle());
  }

  @Override
  public double listMs() {
    return find("model:" + Inventory.RARE_MODEL);
  }

  /** Milliseconds to all that the filter matches, page by page. */
  double find(String filter) {
    long begun = System.nanoTime();
    String path = "/devices?limit=50&filter=" + segment(filter);
    var page = api.get(path);
    while (page.path("next").isTextual()) {
      page = api.get(path + "&cursor=" + segment(page.path("next").asText()));
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  /** Milliseconds to the first 50 devices that a filter matches, of very many. */
  double firstPageMs() {
    long begun = System.nanoTime();
    api.get("/devices?limit=50&filter=" + segment("state:REGISTERED"));
    return (System.nanoTime() - begun) / 1e6;
  }

  /** Milliseconds to one page, deep in the list of all. */
  double deepPageMs(int warmUps) {
    var page = api.get("/devices?limit=200");
    for (int i = 0; i < PAGES_DEEP && page.path("next").isTextual(); i++) {
      page = api.get("/devices?limit=200&cursor=" + segment(page.path("next").asText()));
    }
    String cursor = page.path("next").asText("");
    return Round.middle(
        () -> {
          long begun = System.nanoTime();
          api.get("/devices?limit=50" + (cursor.isEmpty() ? "" : "&cursor=" + segment(cursor)));
          return (System.nanoTime() - begun) / 1e6;
        },
        warmUps);
  }

  @Override
  public long expired() {
    if (following.isEmpty()) {
      following =
          Optional.of(
              inventory
                  .redis()
                  .stores()
                  .events()
                  .follow(
                      "",
                      entry -> {
                        if (entry.event().type().equals(LOST)) {
                          expired.incrementAndGet();
                        }
                      }));
    }
    return expired.get();
  }

  @Override
  public void close() {
    following.ifPresent(Ours::end);
    server.close();
    inventory.close();
  }

  private static void end(AutoCloseable following) {
    try {
      following.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
