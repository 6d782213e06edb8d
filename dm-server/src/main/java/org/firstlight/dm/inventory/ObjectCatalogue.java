package org.firstlight.dm.inventory;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.ObjectModelDocument;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.ddf.DdfOutcome;
import org.firstlight.objects.ddf.DdfReader;
import org.firstlight.objects.definition.ObjectDefinition;

/** The object definitions that this node knows: the built-in ones and those that users loaded. */
public final class ObjectCatalogue implements Supplier<ObjectModels> {
  private final FleetState records;
  private final Documents documents;
  private final DdfReader reader = new DdfReader();
  private final RecordsView<ObjectModelDocument, ObjectModels> view;

  public ObjectCatalogue(FleetState records, Clock clock) {
    this.records = records;
    this.documents = new Documents(new BlockingState(records), clock);
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

  /**
   * Takes a DDF that a user gave. One of several objects is refused before any of them is stored;
   * where another editor is faster between the two, the refusal names those that are loaded.
   *
   * @param precondition of the object that it defines; a file of several can only add to what is
   *     there, or be what is there
   */
  public Outcome<List<ObjectDefinition>> load(byte[] xml, Documents.Precondition precondition) {
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
    if (definitions.size() > 1 && precondition.ifMatch().isPresent()) {
      return Outcome.refused(
          FailureCode.MALFORMED,
          "If-Match: names one version, and the file defines %d objects"
              .formatted(definitions.size()));
    }
    for (ObjectDefinition definition : definitions) {
      Optional<Failure> refused = admit(definition, text, precondition).refusal();
      if (refused.isPresent()) {
        return Outcome.refused(refused.get());
      }
    }
    Outcome<List<ObjectDefinition>> stored = store(definitions, text, precondition);
    BlockingState.await(refresh());
    return stored;
  }

  private Outcome<List<ObjectDefinition>> store(
      List<ObjectDefinition> definitions, String xml, Documents.Precondition precondition) {
    List<String> loaded = new ArrayList<>();
    for (ObjectDefinition definition : definitions) {
      Optional<Failure> refused = store(definition, xml, precondition).refusal();
      if (refused.isPresent()) {
        Failure why = refused.get();
        return Outcome.refused(
            loaded.isEmpty()
                ? why
                : Failure.of(
                    why.code(),
                    "object %s: %s; loaded: %s"
                        .formatted(id(definition), why.reason(), String.join(", ", loaded))));
      }
      loaded.add(id(definition));
    }
    return Outcome.done(definitions);
  }

  /** The version of the record that a user's definition comes from; empty for a built-in one. */
  public Optional<Long> version(ObjectDefinition definition) {
    return stored(definition).map(Stored::version);
  }

  /** Whether it would be stored now. */
  private Outcome<Long> admit(
      ObjectDefinition definition, String xml, Documents.Precondition precondition) {
    Optional<Stored<ObjectModelDocument>> before = stored(definition);
    return isThere(before, document(definition, xml), precondition)
        ? Outcome.done(before.get().version())
        : Documents.admitted(precondition, before.map(Stored::version).orElse(0L));
  }

  private static boolean isThere(
      Optional<Stored<ObjectModelDocument>> before,
      ObjectModelDocument document,
      Documents.Precondition precondition) {
    return precondition.equals(Documents.Precondition.NONE)
        && before.filter(found -> found.value().equals(document)).isPresent();
  }

  private static ObjectModelDocument document(ObjectDefinition definition, String xml) {
    return new ObjectModelDocument(
        definition.id(), definition.version().toString(), definition.name(), xml);
  }

  private Outcome<Long> store(
      ObjectDefinition definition, String xml, Documents.Precondition precondition) {
    ObjectModelDocument document = document(definition, xml);
    Optional<Stored<ObjectModelDocument>> before = stored(definition);
    if (isThere(before, document, precondition)) {
      return Outcome.done(before.get().version());
    }
    return documents
        .put(
            Kinds.OBJECT_MODEL,
            "object-model",
            id(definition),
            document,
            Optional.empty(),
            before.map(Stored::version).orElse(0L),
            precondition)
        .map(Stored::version);
  }

  private Optional<Stored<ObjectModelDocument>> stored(ObjectDefinition definition) {
    String id = id(definition);
    return BlockingState.await(records.find(Kinds.OBJECT_MODEL, id, id));
  }

  private static String id(ObjectDefinition definition) {
    return definition.id() + "/" + definition.version();
  }
}
