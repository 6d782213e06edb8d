package org.firstlight.dm.inventory;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.ObjectModelDocument;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.ddf.DdfOutcome;
import org.firstlight.objects.ddf.DdfReader;
import org.firstlight.objects.definition.ObjectDefinition;

/** The object definitions that this node knows: the built-in ones and those that users loaded. */
public final class ObjectCatalogue implements Supplier<ObjectModels> {
  private final FleetState records;
  private final Clock clock;
  private final DdfReader reader = new DdfReader();
  private final RecordsView<ObjectModelDocument, ObjectModels> view;

  public ObjectCatalogue(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
    this.view = new RecordsView<>(records, Kinds.OBJECT_MODEL, this::withBuiltIn);
  }

  @Override
  public ObjectModels get() {
    return view.current();
  }

  /** Reads what users loaded, at start and after an event {@code object-model.changed}. */
  public CompletionStage<ObjectModels> refresh() {
    return view.refresh();
  }

  private ObjectModels withBuiltIn(List<ObjectModelDocument> documents) {
    return ObjectModels.builtIn()
        .with(
            documents.stream()
                .flatMap(document -> definitions(document.xml()).stream())
                .filter(definition -> !isBuiltIn(definition))
                .toList());
  }

  private List<ObjectDefinition> definitions(String xml) {
    return reader.read(xml.getBytes(StandardCharsets.UTF_8)) instanceof DdfOutcome.DdfLoaded loaded
        ? loaded.definitions()
        : List.of();
  }

  /** Whether no user's definition may take its place: the guard of its paths hangs on it. */
  public static boolean isBuiltIn(ObjectDefinition definition) {
    return ObjectModels.builtIn()
        .find(definition.id(), Optional.of(definition.version()))
        .isPresent();
  }

  /** Takes a DDF that a user gave. */
  public Outcome<List<ObjectDefinition>> load(byte[] xml) {
    if (reader.read(xml) instanceof DdfOutcome.DdfRefused refused) {
      return Outcome.refused(FailureCode.MALFORMED, refused.reason());
    }
    String text = new String(xml, StandardCharsets.UTF_8);
    List<ObjectDefinition> definitions = definitions(text);
    for (ObjectDefinition definition : definitions) {
      if (isBuiltIn(definition)) {
        return Outcome.refused(
            FailureCode.CONFLICT,
            "object %d %s is built in".formatted(definition.id(), definition.version()));
      }
    }
    definitions.forEach(definition -> store(definition, text));
    BlockingState.await(refresh());
    return Outcome.done(definitions);
  }

  private void store(ObjectDefinition definition, String xml) {
    String id = definition.id() + "/" + definition.version();
    ObjectModelDocument document =
        new ObjectModelDocument(
            definition.id(), definition.version().toString(), definition.name(), xml);
    BlockingState.await(
        records.commit(
            Change.in(id)
                .put(Kinds.OBJECT_MODEL, id, Change.ANY_VERSION, document)
                .event(
                    new FleetEvent(
                        clock.instant(),
                        "object-model.changed",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("id", id)))
                .build()));
  }
}
