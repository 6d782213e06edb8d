package org.firstlight.dm.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/** This node's copy of all configuration documents, with their versions. */
public final class ConfigurationDocuments {
  private static final int PAGE = 500;

  private final FleetState records;
  private final AtomicLong asked = new AtomicLong();
  private volatile View view = new View(0, List.of());
  private long shown;

  /**
   * All documents at one time.
   *
   * @param generation another one when one of them has changed
   */
  record View(long generation, List<Stored<Configuration>> all) {}

  public ConfigurationDocuments(FleetState records) {
    this.records = records;
  }

  /** Reads all anew; while state is away the stage fails and the copy stays. */
  public CompletionStage<Void> refresh() {
    long turn = asked.incrementAndGet();
    return page(Optional.empty(), new ArrayList<>())
        .thenAccept(
            found -> {
              synchronized (this) {
                if (turn > shown) {
                  shown = turn;
                  if (!found.equals(view.all())) {
                    view = new View(view.generation() + 1, List.copyOf(found));
                  }
                }
              }
            });
  }

  private CompletionStage<List<Stored<Configuration>>> page(
      Optional<String> cursor, List<Stored<Configuration>> found) {
    return records
        .list(Kinds.CONFIGURATION, cursor, PAGE, document -> true)
        .thenCompose(
            page -> {
              found.addAll(page.items());
              return page.next().isPresent()
                  ? page(page.next(), found)
                  : CompletableFuture.completedStage(found);
            });
  }

  View view() {
    return view;
  }

  /** Nobody wrote one, for any device. */
  public boolean areNone() {
    return view.all().isEmpty();
  }

  /** What this device shall hold by its owner's documents. */
  public EffectiveConfiguration effective(Device device) {
    return effective(view.all(), device);
  }

  /** What this device shall hold by those of these documents that its owner wrote for it. */
  public static EffectiveConfiguration effective(
      List<Stored<Configuration>> documents, Device device) {
    return EffectiveConfiguration.merge(
        documents.stream().filter(document -> selects(document.value(), device)).toList());
  }

  private static boolean selects(Configuration document, Device device) {
    return device.owner().filter(document.tenant()::equals).isPresent()
        && (document.endpointNames().isEmpty()
            || document.endpointNames().contains(device.endpointName().value()))
        && (document.models().isEmpty() || document.models().contains(device.model()));
  }
}
