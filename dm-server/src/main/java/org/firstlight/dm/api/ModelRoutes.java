package org.firstlight.dm.api;

import java.util.List;
import java.util.Optional;
import org.firstlight.dm.inventory.ObjectCatalogue;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ResourceDefinition;

/** Object definitions. */
final class ModelRoutes {
  private static final int LARGEST_DDF = 1024 * 1024;

  private final ObjectCatalogue catalogue;

  ModelRoutes(ObjectCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  record Summary(int objectId, String version, String name, String source) {
    static Summary of(ObjectDefinition one) {
      return new Summary(
          one.id(),
          one.version().toString(),
          one.name(),
          ObjectCatalogue.isBuiltIn(one) ? "built-in" : "uploaded");
    }
  }

  record ResourceView(
      int id,
      String name,
      String operations,
      boolean multiple,
      boolean mandatory,
      String type,
      Optional<String> range,
      Optional<String> units,
      Optional<String> description) {
    static ResourceView of(ResourceDefinition one) {
      return new ResourceView(
          one.id(),
          one.name(),
          one.operations().ddfName(),
          one.multiple(),
          one.mandatory(),
          one.type().name(),
          filled(one.range().text()),
          filled(one.units()),
          filled(one.description()));
    }
  }

  record View(
      int objectId,
      String version,
      String name,
      String source,
      Optional<String> description,
      boolean multiple,
      boolean mandatory,
      List<ResourceView> resources) {}

  Answer list(Call call) {
    return Answer.ok(Call.Items.of(catalogue.get().all().stream().map(Summary::of).toList()));
  }

  Answer upload(Call call) {
    call.demandType("application/xml");
    List<ObjectDefinition> loaded =
        Call.demand(catalogue.load(call.bytes(LARGEST_DDF), call.precondition()));
    return versioned(
            Answer.created(Call.Items.of(loaded.stream().map(Summary::of).toList())),
            loaded.stream().findFirst().filter(one -> loaded.size() == 1))
        .about(loaded.get(0).id() + " " + loaded.get(0).version());
  }

  Answer get(Call call) {
    String id = call.param("objectId");
    ObjectDefinition one =
        Optional.of(id)
            .filter(text -> text.matches("[0-9]{1,5}"))
            .map(Integer::valueOf)
            .flatMap(number -> catalogue.get().find(number))
            .orElseThrow(() -> Call.refusal(FailureCode.NOT_FOUND, "there is no such object"));
    Summary summary = Summary.of(one);
    View view =
        new View(
            summary.objectId(),
            summary.version(),
            summary.name(),
            summary.source(),
            filled(one.description()),
            one.multiple(),
            one.mandatory(),
            one.resources().values().stream().map(ResourceView::of).toList());
    return versioned(Answer.ok(view), Optional.of(one));
  }

  /** What a user loaded has a version; what is built in never changes. */
  private Answer versioned(Answer answer, Optional<ObjectDefinition> one) {
    return one.flatMap(catalogue::version).map(answer::withVersion).orElse(answer);
  }

  private static Optional<String> filled(String text) {
    return Optional.of(text).filter(one -> !one.isBlank());
  }
}
