package org.firstlight.benchmarks.state;

import java.nio.file.Path;
import java.util.List;
import org.firstlight.benchmarks.peer.EchoMain;
import org.firstlight.benchmarks.peer.LeshanMain;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.benchmarks.process.Ports;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.benchmarks.process.Server;

/** The reference stack, with Leshan or with Californium alone. */
record Leshan(Server server, int devices) implements Candidate {
  static Leshan start(
      Subject subject, Path folder, Path libraries, RedisProcess redis, int devices) {
    int port = Ports.udp();
    boolean echo = subject == Subject.ECHO;
    String kind =
        switch (subject) {
          case TUNED -> "tuned";
          case STOCK -> "stock";
          default -> "memory";
        };
    JavaProcess process =
        JavaProcess.start(
            echo ? List.of() : List.of(libraries.resolve("*")),
            List.of(),
            (echo ? EchoMain.class : LeshanMain.class).getName(),
            echo
                ? List.of(Integer.toString(port))
                : List.of(kind, Integer.toString(port), Integer.toString(redis.port())),
            folder.resolve("server.log"));
    process.await("ready");
    return new Leshan(new Server(process, port), devices);
  }

  @Override
  public void observe(int count) {
    server.process().ask("observe " + count);
  }

  @Override
  public double listMs() {
    return Double.parseDouble(server.process().ask("list " + Inventory.rareEvery(devices)));
  }

  @Override
  public long expired() {
    return Long.parseLong(server.process().ask("expired"));
  }

  @Override
  public void close() {
    server.close();
  }
}
