package org.firstlight.dm.connectivity;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.dm.operation.Operations;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** Reads /505/0 resource by resource: a device that lacks one shows the others. */
final class SubscriptionReader {
  private static final Principal PLATFORM = Principal.platform("connectivity");
  private static final LwM2mPath UPDATE_STATE = LwM2mPath.parse("/505/0/6");
  private static final LwM2mPath UPDATE_RESULT = LwM2mPath.parse("/505/0/7");
  private static final LwM2mPath ICCID = LwM2mPath.parse("/505/0/14");
  private static final LwM2mPath RECEIPT = LwM2mPath.parse("/505/0/26241");

  private final Operations operations;

  SubscriptionReader(Operations operations) {
    this.operations = operations;
  }

  CompletionStage<SubscriptionReport> read(Registration registration) {
    CompletionStage<Optional<TypedValue>> state = read(registration, UPDATE_STATE);
    CompletionStage<Optional<TypedValue>> result = read(registration, UPDATE_RESULT);
    CompletionStage<Optional<TypedValue>> iccid = read(registration, ICCID);
    CompletionStage<Optional<TypedValue>> receipt = read(registration, RECEIPT);
    return CompletableFuture.allOf(
            state.toCompletableFuture(),
            result.toCompletableFuture(),
            iccid.toCompletableFuture(),
            receipt.toCompletableFuture())
        .thenApply(
            done ->
                new SubscriptionReport(
                    state.toCompletableFuture().join().flatMap(SubscriptionReader::whole),
                    result.toCompletableFuture().join().flatMap(SubscriptionReader::whole),
                    iccid.toCompletableFuture().join().flatMap(SubscriptionReader::number),
                    receipt.toCompletableFuture().join().flatMap(SubscriptionReader::bytes)));
  }

  private CompletionStage<Optional<TypedValue>> read(Registration registration, LwM2mPath path) {
    return operations
        .perform(
            registration.endpointName(), registration.account(), PLATFORM, new Operation.Read(path))
        .thenApply(result -> value(result, path));
  }

  private static Optional<TypedValue> value(OperationResult result, LwM2mPath path) {
    return result instanceof Done done
        ? Optional.ofNullable(done.values().get(path))
        : Optional.empty();
  }

  private static Optional<Long> whole(TypedValue value) {
    return value instanceof TypedValue.Whole whole ? Optional.of(whole.value()) : Optional.empty();
  }

  /** An integer in the object's definition, of 18 to 20 digits: some devices show it as text. */
  private static Optional<String> number(TypedValue value) {
    if (value instanceof TypedValue.Many many) {
      return many.values().values().stream().findFirst().flatMap(SubscriptionReader::number);
    }
    return value instanceof TypedValue.Text text
        ? Optional.of(text.value())
        : whole(value).map(Long::toUnsignedString);
  }

  private static Optional<byte[]> bytes(TypedValue value) {
    return value instanceof TypedValue.Bytes bytes && bytes.length() > 0
        ? Optional.of(bytes.value())
        : Optional.empty();
  }
}
