package org.firstlight.dm.inventory;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;

/**
 * Stores devices of shipment lists. The same line again changes nothing. Three round trips a
 * device, in which those of any number of others share; two lines of one device, EID or claim code
 * must not be under way at the same time.
 */
public final class ShippedDevices {
  private final FleetState records;
  private final Clock clock;

  public ShippedDevices(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /**
   * What became of a line.
   *
   * @param isNew whether the device was not there before
   * @param refusal why it was not taken; empty if it was
   */
  public record Result(boolean isNew, Optional<String> refusal) {
    private static final Result NEW = new Result(true, Optional.empty());
    private static final Result UNCHANGED = new Result(false, Optional.empty());

    private static Result refused(String why) {
      return new Result(false, Optional.of(why));
    }
  }

  /** The device of a line, if its manufacturer's record lets it have this name and id. */
  public static Outcome<Device> vouchedFor(Device device, Manufacturer manufacturer) {
    boolean itsName =
        manufacturer
            .endpointNameOf(device.factoryId())
            .filter(device.endpointName().value()::equals)
            .isPresent();
    return itsName
        ? Outcome.done(device)
        : Outcome.refused(
            FailureCode.MALFORMED,
            "endpointName: is not the one that its manufacturer's rule gives this factoryId");
  }

  /** Fails when state is away; then the same may be tried again. */
  public CompletionStage<Result> store(Device device) {
    String home = device.endpointName().value();
    CompletionStage<Boolean> eid =
        isAnothers(
            Kinds.BY_EID,
            device.eid().map(Object::toString),
            device.endpointName(),
            there -> there.eid().equals(device.eid()));
    CompletionStage<Boolean> code =
        isAnothers(
            Kinds.BY_CLAIM_CODE,
            device.claimCodeSha256(),
            device.endpointName(),
            there -> there.claimCodeSha256().equals(device.claimCodeSha256()));
    CompletionStage<Optional<Stored<Device>>> there = records.find(Kinds.DEVICE, home, home);
    return there.thenCompose(
        found ->
            found.isPresent()
                ? CompletableFuture.completedStage(
                    difference(found.get().value(), device)
                        .map(Result::refused)
                        .orElse(Result.UNCHANGED))
                : eid.thenCombine(code, ShippedDevices::taken)
                    .thenCompose(
                        taken ->
                            taken.isPresent()
                                ? CompletableFuture.completedStage(Result.refused(taken.get()))
                                : create(device)));
  }

  private static Optional<String> taken(boolean eid, boolean code) {
    return eid
        ? Optional.of("eid: is another device's")
        : code ? Optional.of("claim code: is another device's") : Optional.empty();
  }

  /** Why a device that is there already is not the one of this line; empty if it is. */
  private static Optional<String> difference(Device there, Device line) {
    boolean same =
        there.manufacturer().equals(line.manufacturer())
            && there.factoryId().equals(line.factoryId())
            && there.model().equals(line.model())
            && there.serialNumber().equals(line.serialNumber())
            && there.eid().equals(line.eid())
            && (line.factoryKeySha256().isEmpty()
                || there.factoryKeySha256().equals(line.factoryKeySha256()));
    if (!same) {
      return Optional.of("is there already, and differs");
    }
    boolean otherCode =
        there.claimCodeSha256().isPresent()
            && line.claimCodeSha256().isPresent()
            && !there.claimCodeSha256().equals(line.claimCodeSha256());
    return otherCode ? Optional.of("is there already, with another claim code") : Optional.empty();
  }

  private CompletionStage<Boolean> isAnothers(
      Kind<Hint> kind, Optional<String> id, EndpointName name, Predicate<Device> stillThere) {
    if (id.isEmpty()) {
      return CompletableFuture.completedStage(false);
    }
    return records
        .find(kind, id.get(), id.get())
        .thenCompose(
            hint ->
                hint.isEmpty() || hint.get().value().endpointName().equals(name)
                    ? CompletableFuture.completedStage(false)
                    : holds(hint.get().value().endpointName(), stillThere));
  }

  private CompletionStage<Boolean> holds(EndpointName other, Predicate<Device> stillThere) {
    return records
        .find(Kinds.DEVICE, other.value(), other.value())
        .thenApply(found -> found.map(Stored::value).filter(stillThere).isPresent());
  }

  /** The hints first: one that leads to no such device harms nobody. */
  private CompletionStage<Result> create(Device device) {
    CompletionStage<?> eid =
        point(Kinds.BY_EID, device.eid().map(Object::toString), device.endpointName());
    CompletionStage<?> code =
        point(Kinds.BY_CLAIM_CODE, device.claimCodeSha256(), device.endpointName());
    return eid.thenCombine(code, (one, other) -> device).thenCompose(this::expect);
  }

  private CompletionStage<?> point(Kind<Hint> kind, Optional<String> id, EndpointName to) {
    return id.isEmpty()
        ? CompletableFuture.completedStage(to)
        : records.commit(
            Change.in(id.get()).put(kind, id.get(), Change.ANY_VERSION, new Hint(to)).build());
  }

  private CompletionStage<Result> expect(Device device) {
    String home = device.endpointName().value();
    return records
        .commit(
            Change.in(home)
                .put(Kinds.DEVICE, home, 0, device)
                .event(
                    FleetEvent.of(
                        clock.instant(),
                        "device.imported",
                        device.endpointName(),
                        Map.of("manufacturer", device.manufacturer(), "model", device.model())))
                .build())
        .thenApply(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? Result.NEW
                    : Result.refused("stands twice in what was imported at the same moment"));
  }

  /** Two lines that share one of these are applied one after the other. */
  public static List<String> keys(Device device) {
    return Stream.of(
            Optional.of("name " + device.endpointName()),
            device.eid().map(eid -> "eid " + eid),
            device.claimCodeSha256().map(code -> "code " + code))
        .flatMap(Optional::stream)
        .toList();
  }
}
