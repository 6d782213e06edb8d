package org.firstlight.dm.operation;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.firstlight.dm.access.AccessPolicy;
import org.firstlight.dm.access.AccessPolicy.Action;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.OperationResult.Failed;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Operations over the connection on which the device was last heard. Refuses what the policy
 * refuses, whoever asks; keeps what the device told, without its secrets.
 */
public final class DeviceOperations implements Operations {
  private final Registrations registrations;
  private final Contacts contacts;
  private final Conversation conversation;
  private final DeviceQueue<OperationResult> queue =
      new DeviceQueue<>(DeviceOperations::behindSilence);

  public DeviceOperations(
      Registrations registrations, Contacts contacts, Conversation conversation) {
    this.registrations = registrations;
    this.contacts = contacts;
    this.conversation = conversation;
  }

  @Override
  public CompletionStage<OperationResult> perform(
      EndpointName endpointName, int account, Principal by, Operation operation) {
    Optional<Failure> refused = refusal(by, operation);
    if (refused.isPresent()) {
      return failed(refused.get());
    }
    return queue
        .submit(endpointName, () -> talk(account, endpointName, operation))
        .orElseGet(
            () ->
                failed(
                    Failure.of(
                        FailureCode.RATE_LIMITED,
                        "too many requests wait for this device already")));
  }

  /** At the path itself, and at each path that a Write names. */
  private static Optional<Failure> refusal(Principal by, Operation operation) {
    Set<LwM2mPath> written =
        operation instanceof Operation.Write write ? write.values().keySet() : Set.of();
    return Stream.concat(Stream.of(operation.path()), written.stream())
        .map(path -> AccessPolicy.refuse(by.kind(), path, action(operation)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Action action(Operation operation) {
    if (operation instanceof Operation.Write) {
      return Action.WRITE;
    }
    return operation instanceof Operation.Execute ? Action.EXECUTE : Action.READ;
  }

  private static Optional<OperationResult> behindSilence(OperationResult result) {
    return result instanceof Failed failed
            && (failed.failure().code() == FailureCode.DEVICE_TIMEOUT
                || failed.failure().code() == FailureCode.OUTCOME_UNKNOWN)
        ? Optional.of(
            new Failed(
                Failure.of(
                    FailureCode.DEVICE_TIMEOUT,
                    "the device did not answer the request before this one: it was not sent")))
        : Optional.empty();
  }

  /** Looks for the device only when its turn has come: it may have moved meanwhile. */
  private CompletionStage<OperationResult> talk(
      int account, EndpointName endpointName, Operation operation) {
    return registrations
        .find(account, endpointName)
        .thenCompose(
            registration ->
                registration.isEmpty()
                    ? unreachable("the device is not registered with this account")
                    : talk(registration.get(), operation));
  }

  private CompletionStage<OperationResult> talk(Registration registration, Operation operation) {
    Optional<Contact> contact =
        contacts
            .find(registration.account(), registration.endpointName())
            .filter(known -> known.id().equals(registration.id()));
    return contact.isEmpty()
        ? unreachable("the device was not heard of since the server started: at its next Update")
        : conversation.hold(registration, contact.get(), operation);
  }

  private static CompletionStage<OperationResult> unreachable(String reason) {
    return failed(Failure.of(FailureCode.DEVICE_UNREACHABLE, reason));
  }

  private static CompletionStage<OperationResult> failed(Failure failure) {
    return CompletableFuture.completedStage(new Failed(failure));
  }
}
