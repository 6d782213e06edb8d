package org.firstlight.benchmarks.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.nio.file.Path;
import java.util.List;
import org.firstlight.benchmarks.load.LoadMain;
import org.firstlight.benchmarks.load.Order;
import org.firstlight.benchmarks.load.Result;

/** The load, in its own JVM: the same one for every server of a run. */
public final class LoadProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module());

  private final JavaProcess process;

  private LoadProcess(JavaProcess process) {
    this.process = process;
  }

  public static LoadProcess start(Path folder) {
    return new LoadProcess(
        JavaProcess.start(
            List.of(),
            List.of("-XX:+UseSerialGC", "-Xmn64m"),
            LoadMain.class.getName(),
            List.of(),
            folder.resolve("load.log")));
  }

  public Result carryOut(Order order) {
    try {
      return JSON.readValue(process.ask(JSON.writeValueAsString(order)), Result.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the load process does not answer as it should", e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
