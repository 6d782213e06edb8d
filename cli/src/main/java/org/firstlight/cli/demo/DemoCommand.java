package org.firstlight.cli.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: the whole journey, live, on one machine. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Factory-fresh devices come to life, in the terminal and in the console.")
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--devices", defaultValue = "3", description = "How many (${DEFAULT-VALUE}).")
  private int devices;

  @Option(names = "--once", description = "End when every device has ended its journey.")
  private boolean once;

  @Option(names = "--report", description = "Write what happened to this file, as JSON.")
  private Optional<Path> report = Optional.empty();

  @Option(names = "--data", required = true, description = "Folder to keep everything in.")
  private Path data = Path.of(".");

  @Option(names = "--throw-away", hidden = true)
  private boolean throwAway;

  @Option(
      names = "--http",
      defaultValue = "8080",
      description = "The console's port; 0: a free one.")
  private int http;

  @Option(names = "--fast", description = "Without the pauses that let a person watch.")
  private boolean fast;

  @Override
  public Integer call() throws Exception {
    if (devices < 1 || devices > 1000) {
      System.err.println("--devices takes 1 to 1000");
      return 2;
    }
    DemoSettings settings = new DemoSettings(devices, once, report, data, throwAway, http, fast);
    return new Demo(settings, System.out, System.console() != null).run();
  }
}
