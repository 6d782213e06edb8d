package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.firstlight.cli.Firstlight;

/** {@code firstlight up} in a process of its own. */
final class PlatformProcess implements RunningPlatform {
  private final Child child;

  /** Returns when it says that it is ready. */
  PlatformProcess(Path config) throws IOException {
    child =
        Child.java(
            Files.createTempFile(config.getParent(), "up", ".out"),
            List.of("-Dfirstlight.home=" + config.resolveSibling("home")),
            Firstlight.class.getName(),
            List.of("up", "--config", config.toString()));
    Eventually.eventually(
        () -> {
          assertThat(child.process().isAlive()).as(child.output()).isTrue();
          assertThat(child.output()).contains("ready;");
        });
  }

  /** Writes what is in its heap, garbage too, into a file. */
  void dumpHeap(Path file) throws Exception {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(child.process().pid()),
                "GC.heap_dump",
                "-all",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes());
    assertThat(jcmd.waitFor()).as(said).isZero();
  }

  @Override
  public void stop() {
    child.stop();
  }

  @Override
  public void kill() {
    child.kill();
  }
}
