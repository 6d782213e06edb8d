package org.firstlight.benchmarks.bootstrap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.firstlight.benchmarks.bootstrap.BootstrapBench.Figure;
import org.firstlight.benchmarks.bootstrap.Contender.Requests;
import org.firstlight.benchmarks.process.Turns;
import org.firstlight.benchmarks.process.Workplace;
import org.firstlight.kit.crypto.CryptoProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./firstlight bench bootstrap}. */
@Command(
    name = "bootstrap",
    mixinStandardHelpOptions = true,
    description = {
      "Whole bootstraps with factory certificates, handshake included: ours, each stored in Redis,",
      "beside Leshan's Bootstrap-Server, which keeps nothing. About fifty minutes; --quick shows that it works."
    })
public final class BootstrapCommand implements Callable<Integer> {
  private static final int DEVICES = 256;

  @Mixin private Turns turns = new Turns();

  private List<Contender> contenders() {
    List<Contender> all = new ArrayList<>();
    for (Requests requests : List.of(Requests.SIX, Requests.WHOLE)) {
      all.add(new Contender(Contender.Stack.FIRSTLIGHT, CryptoProvider.ACCP, requests));
    }
    for (Requests requests : List.of(Requests.FOUR, Requests.SIX)) {
      all.add(new Contender(Contender.Stack.LESHAN_TUNED, CryptoProvider.ACCP, requests));
      all.add(new Contender(Contender.Stack.LESHAN_TUNED, CryptoProvider.JDK, requests));
      all.add(new Contender(Contender.Stack.LESHAN_STOCK, CryptoProvider.JDK, requests));
    }
    return turns.chosen(all, Contender::words);
  }

  @Override
  public Integer call() throws Exception {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    try (Workplace place = Workplace.open()) {
      BootstrapBench bench =
          new BootstrapBench(
              place.folder(), DEVICES, turns.warmUp(), turns.seconds(), System.err::println);
      for (int round = 0; round < turns.rounds(); round++) {
        bench.round(contenders());
      }
      print(bench.figures(), load, turns.rounds());
      return bench.figures().stream().allMatch(figure -> figure.failed() == 0) ? 0 : 1;
    }
  }

  private void print(List<Figure> figures, String load, int rounds) {
    System.out.printf(
        "JDK %s, %d cores shared by server, Redis and load, load average before %s, %d rounds.%n%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), load, rounds);
    System.out.println(
        "| server | requests | per second: median (least to most) | server CPU ms each"
            + " | Redis CPU ms each | our 6 over it | our whole plan over it | failed |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    double six = ours(figures, Requests.SIX);
    double whole = ours(figures, Requests.WHOLE);
    for (Contender contender : contenders()) {
      List<Figure> own = figures.stream().filter(one -> one.contender().equals(contender)).toList();
      double perSecond = median(own, Figure::perSecond);
      boolean peer = contender.stack() != Contender.Stack.FIRSTLIGHT;
      System.out.printf(
          "| %s | %d | %,.0f (%,.0f to %,.0f) | %.3f | %.3f | %s | %s | %d |%n",
          contender.words(),
          own.get(0).requests(),
          perSecond,
          own.stream().mapToDouble(Figure::perSecond).min().orElse(Double.NaN),
          own.stream().mapToDouble(Figure::perSecond).max().orElse(Double.NaN),
          median(own, Figure::cpuMs),
          median(own, Figure::redisMs),
          peer ? "%.2f".formatted(six / perSecond) : "–",
          peer ? "%.2f".formatted(whole / perSecond) : "–",
          own.stream().mapToLong(Figure::failed).sum());
    }
  }

  private static double ours(List<Figure> figures, Requests requests) {
    return median(
        figures.stream()
            .filter(one -> one.contender().stack() == Contender.Stack.FIRSTLIGHT)
            .filter(one -> one.contender().requests() == requests)
            .toList(),
        Figure::perSecond);
  }

  private static double median(List<Figure> figures, ToDoubleFunction<Figure> of) {
    List<Double> sorted = figures.stream().map(of::applyAsDouble).sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }
}
