package org.firstlight.dm.operation;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eclipse.californium.core.coap.Token;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.registration.ObservedPaths;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.path.LwM2mPath;

/**
 * What is observed: the paths in state, so that they are asked for again, and the tokens in this
 * node's memory, by which notifications are known.
 */
public final class Observations {
  private static final int MOST_TRIES = 1_000;

  /** One observed path of one registration. */
  public record Target(EndpointName endpointName, int account, LwM2mPath path) {}

  private final FleetState records;
  private final Map<Target, Token> tokens = new ConcurrentHashMap<>();

  public Observations(FleetState records) {
    this.records = records;
  }

  /** The paths that this device shall notify of to this account. */
  public CompletionStage<Set<LwM2mPath>> wanted(EndpointName endpointName, int account) {
    return records
        .find(Kinds.OBSERVED, endpointName.value(), Integer.toString(account))
        .thenApply(
            found ->
                found.map(Stored::value).map(ObservedPaths::paths).orElse(Set.of()).stream()
                    .map(LwM2mPath::parse)
                    .collect(Collectors.toUnmodifiableSet()));
  }

  /** The device agreed; an earlier token for the same path is void. */
  CompletionStage<Optional<Token>> began(Target target, Token token) {
    Optional<Token> before = Optional.ofNullable(tokens.put(target, token));
    return want(target, true).thenApply(done -> before.filter(old -> !old.equals(token)));
  }

  CompletionStage<Optional<Token>> ended(Target target) {
    Optional<Token> before = Optional.ofNullable(tokens.remove(target));
    return want(target, false).thenApply(done -> before);
  }

  Optional<Token> token(Target target) {
    return Optional.ofNullable(tokens.get(target));
  }

  private CompletionStage<Void> want(Target target, boolean wanted) {
    String text = target.path().toString();
    return change(
        target,
        paths -> {
          Set<String> changed = new HashSet<>(paths);
          if (wanted) {
            changed.add(text);
          } else {
            changed.remove(text);
          }
          return changed;
        },
        1);
  }

  private CompletionStage<Void> change(Target target, UnaryOperator<Set<String>> change, int turn) {
    String home = target.endpointName().value();
    String id = Integer.toString(target.account());
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(records.find(Kinds.OBSERVED, home, id), Known::new)
        .thenCompose(
            known -> {
              Optional<Stored<ObservedPaths>> found = known.paths();
              if (known.device().filter(one -> mayBeThere(one.value().state())).isEmpty()) {
                // whoever asked for it has lost the device meanwhile
                return CompletableFuture.completedStage(null);
              }
              Set<String> before =
                  found.map(Stored::value).map(ObservedPaths::paths).orElse(Set.of());
              Set<String> after = change.apply(before);
              if (after.equals(before)) {
                return CompletableFuture.completedStage(null);
              }
              long version = found.map(Stored::version).orElse(0L);
              return records
                  .commit(
                      Change.in(home)
                          .keep(Kinds.DEVICE, home, known.device().get().version())
                          .put(Kinds.OBSERVED, id, version, new ObservedPaths(after))
                          .build())
                  .thenCompose(
                      outcome ->
                          outcome instanceof CommitOutcome.Committed
                              ? CompletableFuture.completedStage(null)
                              : again(target, change, turn));
            });
  }

  private record Known(Optional<Stored<Device>> device, Optional<Stored<ObservedPaths>> paths) {}

  /** Once it has an owner who has not brought it in yet, nobody observes it. */
  private static boolean mayBeThere(DeviceState state) {
    return state != DeviceState.EXPECTED && state != DeviceState.CLAIMED;
  }

  /** Nobody waits for a lock: of those who change it at once, one is done with each turn. */
  private CompletionStage<Void> again(Target target, UnaryOperator<Set<String>> change, int turn) {
    return turn < MOST_TRIES
        ? change(target, change, turn + 1)
        : CompletableFuture.failedStage(
            new DependencyUnavailableException("busy: others keep observing this device"));
  }
}
