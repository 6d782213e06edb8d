package org.firstlight.dm.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.configuration.EffectiveConfiguration.Desired;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.dm.operation.OperationResult.Failed;
import org.firstlight.dm.operation.Operations;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.configuration.ConfigurationStatus.PathStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.Result;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.objects.CheckResult;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * Brings one path of one device in step: reads, writes where it differs, reads back. A secret, what
 * stands where the device once got one, and what cannot be read, is written and not looked at.
 */
public final class PathApplication {
  private final Operations operations;
  private final Supplier<ObjectModels> models;
  private final KeyEncryption encryption;

  public PathApplication(
      Operations operations, Supplier<ObjectModels> models, KeyEncryption encryption) {
    this.operations = operations;
    this.models = models;
    this.encryption = encryption;
  }

  /** One path on its way. */
  private record Task(
      Registration registration, LwM2mPath path, Desired desired, TypedValue value) {
    PathStatus is(Result result, String message) {
      return new PathStatus(desired.configuration(), result, message);
    }

    /** A document acts as its tenant: it reaches what a service provider reaches. */
    Principal by() {
      return new Principal(
          desired.tenant(),
          Tenant.Kind.SERVICE_PROVIDER,
          "configuration/" + desired.configuration());
    }
  }

  CompletionStage<PathStatus> apply(Registration registration, String path, Desired desired) {
    Optional<LwM2mPath> parsed = LwM2mPath.tryParse(path);
    if (parsed.isEmpty()) {
      return rejected(desired, path + " is not a path");
    }
    CheckResult checked = value(parsed.get(), desired);
    if (checked instanceof CheckResult.Ok ok) {
      Task task = new Task(registration, parsed.get(), desired, ok.value());
      return isReadable(task) ? compare(task) : writeUnseen(task);
    }
    return rejected(desired, checked.violation().orElseThrow().message());
  }

  /** Type, range and whether a server may write there at all. */
  private CheckResult value(LwM2mPath path, Desired desired) {
    CheckResult parsed = models.get().parse(path, text(path, desired));
    return parsed instanceof CheckResult.Ok ok ? models.get().checkWrite(path, ok.value()) : parsed;
  }

  private String text(LwM2mPath path, Desired desired) {
    return desired
        .value()
        .clear()
        .orElseGet(() -> opened(desired.value().secret().orElseThrow(), desired, path));
  }

  /** In memory for the write alone. */
  private String opened(EncryptedSecret secret, Desired desired, LwM2mPath path) {
    byte[] clear =
        encryption.decrypt(
            secret, Configuration.secretContext(desired.configuration(), path.toString()));
    try {
      return new String(clear, UTF_8);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  private boolean isReadable(Task task) {
    return task.desired().value().secret().isEmpty()
        && models.get().checkRead(task.path()).isEmpty();
  }

  private CompletionStage<PathStatus> compare(Task task) {
    return reported(task)
        .thenCompose(
            reported -> {
              if (reported.failure().filter(PathApplication::isAway).isPresent()) {
                return unreachable(task, reported.failure().get());
              }
              if (reported.hidden()) {
                return writeUnseen(task);
              }
              return reported.shows(task.value())
                  ? CompletableFuture.completedStage(task.is(Result.IN_STEP, ""))
                  : write(task, this::verify);
            });
  }

  private CompletionStage<PathStatus> verify(Task task) {
    return reported(task)
        .thenApply(
            reported -> {
              if (reported.failure().isPresent()) {
                return task.is(
                    Result.WRITTEN,
                    "accepted; not read back: " + reported.failure().get().reason());
              }
              return reported.shows(task.value())
                  ? task.is(Result.IN_STEP, "")
                  : task.is(Result.DRIFTED, "accepted, but the device shows another value");
            });
  }

  private CompletionStage<PathStatus> writeUnseen(Task task) {
    return write(task, done -> CompletableFuture.completedStage(task.is(Result.WRITTEN, "")));
  }

  private CompletionStage<PathStatus> write(
      Task task, Function<Task, CompletionStage<PathStatus>> then) {
    return perform(task, Operation.Write.of(task.path(), task.value()))
        .thenCompose(
            result -> {
              if (!(result instanceof Failed failed)) {
                return then.apply(task);
              }
              return isAway(failed.failure())
                  ? unreachable(task, failed.failure())
                  : rejected(task.desired(), failed.failure().reason());
            });
  }

  /**
   * @param value what the device shows; empty if nothing is there
   * @param hidden whether something is there that nobody may see
   */
  private record Reported(Optional<TypedValue> value, boolean hidden, Optional<Failure> failure) {
    boolean shows(TypedValue desired) {
      return value.filter(shown -> same(shown, desired)).isPresent();
    }

    /** A device may hold a Float in 32 bits. */
    private static boolean same(TypedValue one, TypedValue other) {
      return one.equals(other)
          || (one instanceof TypedValue.Real a
              && other instanceof TypedValue.Real b
              && (float) a.value() == (float) b.value());
    }
  }

  /** Reads the whole Resource: LwM2M 1.0 has no path of a Resource Instance. */
  private CompletionStage<Reported> reported(Task task) {
    LwM2mPath resource = task.path().resource();
    return perform(task, new Operation.Read(resource))
        .thenApply(
            result ->
                result instanceof Done done
                    ? new Reported(
                        member(done.values().get(resource), task.path()),
                        done.hidden().contains(resource),
                        Optional.empty())
                    : new Reported(
                        Optional.empty(), false, Optional.of(((Failed) result).failure())));
  }

  private static Optional<TypedValue> member(@Nullable TypedValue value, LwM2mPath path) {
    return path.isResourceInstance() && value instanceof TypedValue.Many many
        ? Optional.ofNullable(many.values().get(path.resourceInstanceId()))
        : Optional.ofNullable(value);
  }

  private CompletionStage<OperationResult> perform(Task task, Operation operation) {
    Registration registration = task.registration();
    return operations.perform(
        registration.endpointName(), registration.account(), task.by(), operation);
  }

  /** Nobody said no: at the next contact. */
  private static boolean isAway(Failure failure) {
    return failure.code() == FailureCode.DEVICE_UNREACHABLE
        || failure.code() == FailureCode.DEVICE_TIMEOUT
        || failure.code() == FailureCode.RATE_LIMITED;
  }

  private static CompletionStage<PathStatus> unreachable(Task task, Failure failure) {
    return CompletableFuture.completedStage(task.is(Result.UNREACHABLE, failure.reason()));
  }

  private static CompletionStage<PathStatus> rejected(Desired desired, String reason) {
    return CompletableFuture.completedStage(
        new PathStatus(desired.configuration(), Result.REJECTED, reason));
  }
}
