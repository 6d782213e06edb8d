package org.firstlight.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The load process: an order a line on standard input, a result a line on standard output. */
public final class LoadMain {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module());
  private static final String END = "";

  private LoadMain() {}

  /** Ends with its standard input. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    try (Selector selector = Selector.open()) {
      Thread reader = new Thread(() -> read(orders, selector), "orders");
      reader.setDaemon(true);
      reader.start();
      work(orders, selector);
    }
  }

  private static void read(BlockingQueue<String> orders, Selector selector) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        orders.add(line);
        selector.wakeup();
      }
    } catch (IOException e) {
      System.err.println("no more orders: " + e.getMessage());
    }
    orders.add(END);
    selector.wakeup();
  }

  private static void work(BlockingQueue<String> orders, Selector selector)
      throws IOException, InterruptedException {
    @Nullable Load load = null;
    while (true) {
      String line = load == null ? orders.take() : orders.poll(0, TimeUnit.SECONDS);
      if (line == null) {
        load.idle(1_000);
        continue;
      }
      if (line.equals(END)) {
        return;
      }
      Order order = JSON.readValue(line, Order.class);
      if (order.kind() == Order.Kind.CONNECT) {
        if (load != null) {
          load.close();
        }
        load = new Load(selector, order);
      }
      if (load == null) {
        throw new IllegalStateException("the first order is to connect");
      }
      System.out.println(JSON.writeValueAsString(load.carryOut(order)));
    }
  }
}
