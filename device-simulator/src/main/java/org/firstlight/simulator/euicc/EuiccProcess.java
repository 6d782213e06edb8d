package org.firstlight.simulator.euicc;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.firstlight.fleet.device.Eid;

/**
 * The device's end of the pipe: starts {@link EuiccMain} in a process of its own and puts one
 * question after another to it. One process serves all devices of this one.
 */
public final class EuiccProcess implements Euicc, AutoCloseable {
  private final Process process;
  private final DataOutputStream questions;
  private final DataInputStream answers;
  private final ExecutorService turn;

  private EuiccProcess(Process process) {
    this.process = process;
    questions = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    turn =
        Executors.newSingleThreadExecutor(
            run -> {
              Thread thread = new Thread(run, "euicc");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts it on this JVM's class path.
   *
   * @param folder what {@code Factory} wrote for the eUICCs
   */
  public static EuiccProcess start(Path folder) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EuiccMain.class.getName(),
            folder.toString());
    return new EuiccProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public CompletionStage<EuiccAnswer> install(Eid eid, byte[] sealedPackage) {
    return ask(EuiccFrames.INSTALL, eid, sealedPackage);
  }

  @Override
  public CompletionStage<EuiccAnswer> status(Eid eid) {
    return ask(EuiccFrames.STATUS, eid, new byte[0]);
  }

  private CompletionStage<EuiccAnswer> ask(byte operation, Eid eid, byte[] body) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            EuiccFrames.ask(questions, operation, eid, body);
            return EuiccFrames.readAnswer(answers);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        turn);
  }

  /** Ends its input and waits for it; what it has acknowledged is on disk already. */
  @Override
  public void close() {
    turn.shutdown();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
