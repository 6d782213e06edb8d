package org.firstlight.benchmarks.handshake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.firstlight.benchmarks.handshake.HandshakeBench.Figure;
import org.firstlight.benchmarks.handshake.Subject.Stack;
import org.firstlight.benchmarks.process.Turns;
import org.firstlight.benchmarks.process.Workplace;
import org.firstlight.kit.crypto.CryptoProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./firstlight bench handshake}. */
@Command(
    name = "handshake",
    mixinStandardHelpOptions = true,
    description = {
      "DTLS handshakes with certificates on both sides, full and resumed: our DM server beside a",
      "Leshan server, with each provider of elliptic curves, in turns. About an hour; --quick shows that it works."
    })
public final class HandshakeCommand implements Callable<Integer> {
  private static final int DEVICES = 16;

  @Mixin private Turns turns = new Turns();

  @Override
  public Integer call() throws Exception {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    List<Subject> all = new ArrayList<>();
    all.add(new Subject(Stack.FIRSTLIGHT, CryptoProvider.ACCP));
    all.add(new Subject(Stack.LESHAN_TUNED, CryptoProvider.ACCP));
    all.add(new Subject(Stack.LESHAN_STOCK, CryptoProvider.JDK));
    all.add(new Subject(Stack.LESHAN_TUNED, CryptoProvider.JDK));
    all.add(new Subject(Stack.FIRSTLIGHT, CryptoProvider.JDK));
    all.add(new Subject(Stack.FIRSTLIGHT, CryptoProvider.CONSCRYPT));
    List<Subject> chosen = turns.chosen(all, Subject::words);
    try (Workplace place = Workplace.open()) {
      HandshakeBench bench =
          new HandshakeBench(
              place.folder(), DEVICES, turns.warmUp(), turns.seconds(), System.err::println);
      for (int round = 0; round < turns.rounds(); round++) {
        bench.round(chosen, round);
      }
      print(chosen, bench.figures(), load, turns.rounds());
      return bench.figures().stream().allMatch(figure -> figure.failed() == 0) ? 0 : 1;
    }
  }

  private static void print(List<Subject> subjects, List<Figure> figures, String load, int rounds)
      throws IOException, InterruptedException {
    System.out.printf(
        "JDK %s, %d cores shared by server, Redis and load, load average before %s, %d rounds.%n%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), load, rounds);
    System.out.println(
        "| server | handshake | CPU ms each: median (least to most) | per second | of Leshan, same provider | failed |");
    System.out.println("|---|---|---:|---:|---:|---:|");
    for (boolean resumed : List.of(false, true)) {
      for (Subject subject : subjects) {
        List<Figure> own = of(figures, subject, resumed);
        double median = median(own.stream().map(Figure::cpuMs).toList());
        List<Figure> peer =
            of(figures, new Subject(Stack.LESHAN_TUNED, subject.provider()), resumed);
        System.out.printf(
            "| %s | %s | %.3f (%.3f to %.3f) | %,.0f | %s | %d |%n",
            subject.words(),
            resumed ? "resumed" : "full",
            median,
            own.stream().mapToDouble(Figure::cpuMs).min().orElse(Double.NaN),
            own.stream().mapToDouble(Figure::cpuMs).max().orElse(Double.NaN),
            median(own.stream().map(Figure::perSecond).toList()),
            peer.isEmpty()
                ? "–"
                : "%.2f".formatted(median / median(peer.stream().map(Figure::cpuMs).toList())),
            own.stream().mapToLong(Figure::failed).sum());
      }
    }
    System.out.println();
    System.out.println(openssl());
  }

  private static List<Figure> of(List<Figure> figures, Subject subject, boolean resumed) {
    return figures.stream()
        .filter(one -> one.subject().equals(subject) && one.resumed() == resumed)
        .toList();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  /** What the machine itself does on one core. */
  private static String openssl() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("openssl", "speed", "-seconds", "1", "ecdsap256", "ecdhp256")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.lines()
        .filter(
            line -> line.contains("nistp256") || line.contains("sign/s") || line.contains("op/s"))
        .reduce("openssl speed, one core:", (all, line) -> all + "\n    " + line.strip());
  }
}
