package org.firstlight.dm.certificate;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.BootstrapTrigger;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.DeviceListener;
import org.firstlight.dm.registration.KnownLinks;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;

/**
 * Tells a device that it should get another certificate. LwM2M knows no such command: the device is
 * told to bootstrap again (Bootstrap-Request Trigger), and gets the certificate by that. One that
 * sleeps is told when it is heard next, by the node that hears it.
 */
public final class RenewalCall implements DeviceListener {
  private static final Principal PLATFORM = Principal.platform("renewal");

  private final RenewalWishes wishes;
  private final Operations operations;
  private final Contacts contacts;
  private final KnownLinks links;

  /** Who is being told; whoever comes meanwhile looks again after that. */
  private final Map<EndpointName, CompletableFuture<Void>> turns = new ConcurrentHashMap<>();

  /** Devices of this node that did not hear of it. */
  private final Set<EndpointName> asleep = ConcurrentHashMap.newKeySet();

  public RenewalCall(
      RenewalWishes wishes, Operations operations, Contacts contacts, KnownLinks links) {
    this.wishes = wishes;
    this.operations = operations;
    this.contacts = contacts;
    this.links = links;
  }

  /** Somebody wished it; another node's devices are left to that one. */
  public CompletionStage<Void> asked(EndpointName name) {
    if (contacts.findAll(name).isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    CompletableFuture<Void> turn =
        turns.compute(
            name,
            (same, before) ->
                (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
                    .handle((done, fault) -> same)
                    .thenCompose(this::tell));
    turn.whenComplete((done, fault) -> turns.remove(name, turn));
    return turn;
  }

  private CompletionStage<Void> tell(EndpointName name) {
    return wishes
        .open(name)
        .thenCompose(
            wish -> wish.map(this::call).orElseGet(() -> CompletableFuture.completedStage(null)));
  }

  @Override
  public CompletionStage<Boolean> concerns(Registration registration, Occasion occasion) {
    return wishes.open(registration.endpointName()).thenApply(Optional::isPresent);
  }

  @Override
  public CompletionStage<Void> heard(Registration registration, Occasion occasion) {
    return asked(registration.endpointName());
  }

  @Override
  public void updated(EndpointName name) {
    if (asleep.remove(name)) {
      asked(name);
    }
  }

  private CompletionStage<Void> call(RenewalWish wish) {
    Optional<Contact> contact = contacts.find(wish.account(), wish.endpointName());
    if (contact.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    Operation trigger =
        new Operation.Execute(BootstrapTrigger.resource(links.find(contact.get().links())), "");
    return operations
        .perform(wish.endpointName(), wish.account(), PLATFORM, trigger)
        .thenCompose(result -> ended(wish, result));
  }

  private CompletionStage<Void> ended(RenewalWish wish, OperationResult result) {
    if (!(result instanceof OperationResult.Failed failed)) {
      return wishes.told(wish, Optional.empty());
    }
    Failure failure = failed.failure();
    if (failure.code() == FailureCode.DEVICE_REJECTED) {
      return wishes.told(wish, Optional.of(failure));
    }
    // silent, or too much in line: at its next word
    asleep.add(wish.endpointName());
    return CompletableFuture.completedStage(null);
  }
}
