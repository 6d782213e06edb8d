package org.firstlight.dm.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.dm.operation.OperationResult.Failed;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.junit.jupiter.api.Test;

class FirstReadingTest {
  private final List<String> asked = new ArrayList<>();
  private final Map<String, OperationResult> answers = new HashMap<>();
  private final FirstReading reading =
      new FirstReading(
          (endpointName, account, by, operation) -> {
            String path = operation.path().toString();
            asked.add(path);
            return CompletableFuture.completedStage(
                answers.getOrDefault(path, new Done(Map.of(), Set.of(), "", "2.05")));
          });

  @Test
  void reads_each_instance_as_a_whole() {
    hear("</3/0>,</4/0>,</5/0>,</13/0>", Occasion.REGISTERED);

    assertThat(asked).containsExactly("/3/0", "/4/0", "/13/0");
  }

  @Test
  void asks_one_by_one_when_the_whole_is_refused() {
    answers.put("/3/0", failed(FailureCode.DEVICE_REJECTED));

    hear("</3/0>,</4/0>", Occasion.REGISTERED);

    assertThat(asked).containsExactly("/3/0", "/3/0/0", "/3/0/1", "/3/0/2", "/3/0/3", "/4/0");
  }

  @Test
  void does_not_press_a_device_that_is_silent() {
    answers.put("/3/0", failed(FailureCode.DEVICE_TIMEOUT));

    hear("</3/0>,</4/0>", Occasion.REGISTERED);

    assertThat(asked).containsExactly("/3/0");
  }

  @Test
  void reads_once_for_each_object_list() {
    hear("</3/0>", Occasion.REGISTERED);
    hear("</3/0>", Occasion.REGISTERED);
    assertThat(asked).containsExactly("/3/0");

    hear("</3/0>,</13/0>", Occasion.OBJECTS_CHANGED);
    assertThat(asked).containsExactly("/3/0", "/3/0", "/13/0");
  }

  @Test
  void a_list_that_was_read_does_not_concern_it() {
    assertThat(concerned("</3/0>", Occasion.REGISTERED)).isTrue();
    hear("</3/0>", Occasion.REGISTERED);

    assertThat(concerned("</3/0>", Occasion.REGISTERED)).isFalse();
    assertThat(concerned("</3/0>,</4/0>", Occasion.OBJECTS_CHANGED)).isTrue();
    assertThat(concerned("</3/0>,</4/0>", Occasion.HEARD_AGAIN)).isFalse();
  }

  private void hear(String links, Occasion occasion) {
    assertThat(reading.heard(registration(links), occasion).toCompletableFuture()).isCompleted();
  }

  private boolean concerned(String links, Occasion occasion) {
    return reading.concerns(registration(links), occasion).toCompletableFuture().join();
  }

  private static Failed failed(FailureCode code) {
    return new Failed(Failure.of(code, "as the test wants it"));
  }

  private static Registration registration(String links) {
    return new Registration(
        "id",
        1,
        new EndpointName("urn:dev:1"),
        Instant.EPOCH,
        Instant.EPOCH,
        Duration.ofHours(1),
        "1.1",
        "U",
        false,
        "127.0.0.1:5683",
        links,
        Map.of(),
        "node");
  }
}
