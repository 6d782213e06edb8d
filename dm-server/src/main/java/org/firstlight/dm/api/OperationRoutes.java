package org.firstlight.dm.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.dm.access.AccessPolicy;
import org.firstlight.dm.access.AccessPolicy.Action;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.Operations;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.http.RefusedException;
import org.firstlight.objects.CheckResult;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.ValueText;

/** Asks a device to do something, and answers when it has. */
final class OperationRoutes {
  private static final int LONGEST_ARGUMENTS = 1024;

  private final Devices devices;
  private final Operations operations;
  private final Supplier<ObjectModels> models;

  OperationRoutes(Devices devices, Operations operations, Supplier<ObjectModels> models) {
    this.devices = devices;
    this.operations = operations;
    this.models = models;
  }

  record Wish(
      String operation,
      String path,
      Optional<String> value,
      Optional<Map<String, String>> values,
      Optional<String> arguments,
      Optional<Integer> account) {
    @Override
    public String toString() {
      return "Wish[" + operation + " " + path + "]";
    }
  }

  record ValueView(String path, String type, Optional<String> value, Optional<Boolean> secret) {}

  record Done(boolean done, String coapCode, List<ValueView> values, Optional<String> links) {}

  CompletionStage<Answer> operate(Call call) {
    EndpointName name =
        Call.demand(devices.find(call.param("endpointName"), call.principal()))
            .value()
            .endpointName();
    Wish wish = call.body(Wish.class);
    int account = wish.account().orElse(1);
    if (account < 1 || account > 65_534) {
      throw Call.refusal(FailureCode.MALFORMED, "account: is 1 to 65534");
    }
    Operation operation = operation(wish, call.principal());
    String target = name + " " + operation.word() + " " + operation.path();
    return operations
        .perform(name, account, call.principal(), operation)
        .thenApply(this::answer)
        .exceptionally(Gate::failed)
        .thenApply(answer -> answer.about(target));
  }

  private Operation operation(Wish wish, Principal by) {
    LwM2mPath path = path(wish.path());
    demandAllowed(by, path, action(wish.operation()));
    return switch (wish.operation()) {
      case "read" -> new Operation.Read(path);
      case "observe" -> new Operation.Observe(path);
      case "cancel-observation" -> new Operation.CancelObservation(path);
      case "discover" -> new Operation.Discover(path);
      case "execute" -> new Operation.Execute(executable(path), arguments(wish));
      case "write" -> new Operation.Write(path, values(wish, path, by));
      default ->
          throw Call.refusal(
              FailureCode.MALFORMED,
              "operation: is read, write, execute, observe, cancel-observation or discover");
    };
  }

  private static Action action(String operation) {
    return switch (operation) {
      case "write" -> Action.WRITE;
      case "execute" -> Action.EXECUTE;
      default -> Action.READ;
    };
  }

  private static LwM2mPath path(String text) {
    try {
      return LwM2mPath.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw Call.refusal(FailureCode.MALFORMED, "path: " + malformed.getMessage());
    }
  }

  private static void demandAllowed(Principal by, LwM2mPath path, Action action) {
    AccessPolicy.refuse(by.kind(), path, action)
        .ifPresent(
            failure -> {
              throw new RefusedException(failure);
            });
  }

  private LwM2mPath executable(LwM2mPath path) {
    if (!path.isResource()) {
      throw Call.refusal(FailureCode.MALFORMED, path + ": names no Resource to execute");
    }
    models.get().checkExecute(path).ifPresent(OperationRoutes::refuse);
    return path;
  }

  private static String arguments(Wish wish) {
    String arguments = wish.arguments().orElse("");
    if (arguments.length() > LONGEST_ARGUMENTS) {
      throw Call.refusal(
          FailureCode.MALFORMED,
          "arguments: has more than %d characters".formatted(LONGEST_ARGUMENTS));
    }
    return arguments;
  }

  private Map<LwM2mPath, TypedValue> values(Wish wish, LwM2mPath path, Principal by) {
    if (wish.value().isPresent() == wish.values().isPresent()) {
      throw Call.refusal(FailureCode.MALFORMED, "one of value and values is wanted");
    }
    Map<String, String> texts =
        wish.values().orElseGet(() -> Map.of(wish.path(), wish.value().orElseThrow()));
    Map<LwM2mPath, TypedValue> values = new HashMap<>();
    texts.forEach(
        (at, text) -> {
          LwM2mPath place = path(at);
          demandAllowed(by, place, Action.WRITE);
          if (!place.startsWith(path)) {
            throw Call.refusal(FailureCode.MALFORMED, place + ": does not lie under " + path);
          }
          values.put(place, value(place, text));
        });
    if (values.isEmpty()) {
      throw Call.refusal(FailureCode.MALFORMED, "values: is empty");
    }
    return values;
  }

  private TypedValue value(LwM2mPath path, String text) {
    CheckResult parsed = models.get().parse(path, text);
    CheckResult result =
        parsed.accepted().map(typed -> models.get().checkWrite(path, typed)).orElse(parsed);
    result.violation().ifPresent(OperationRoutes::refuse);
    return result.accepted().orElseThrow();
  }

  private static void refuse(CheckResult.Violation violation) {
    throw Call.refusal(
        FailureCode.MALFORMED, "%s (rule %s)".formatted(violation.message(), violation.rule()));
  }

  private Answer answer(OperationResult result) {
    if (result instanceof OperationResult.Failed failed) {
      return Answer.refused(failed.failure());
    }
    OperationResult.Done done = (OperationResult.Done) result;
    List<ValueView> values = new ArrayList<>();
    done.values()
        .forEach(
            (path, value) ->
                values.add(
                    new ValueView(
                        path.toString(),
                        type(path),
                        Optional.of(ValueText.format(value)),
                        Optional.empty())));
    done.hidden()
        .forEach(
            path ->
                values.add(
                    new ValueView(
                        path.toString(), type(path), Optional.empty(), Optional.of(true))));
    return Answer.ok(
        new Done(
            true,
            done.coapCode(),
            values,
            Optional.of(done.links()).filter(links -> !links.isEmpty())));
  }

  private String type(LwM2mPath path) {
    return models.get().resource(path).map(resource -> resource.type().name()).orElse("STRING");
  }
}
