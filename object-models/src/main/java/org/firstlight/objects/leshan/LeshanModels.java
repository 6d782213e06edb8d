package org.firstlight.objects.leshan;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.LwM2mModelRepository;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.definition.Operations;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.definition.ValueRange;
import org.firstlight.objects.value.ValueType;
import org.jspecify.annotations.Nullable;

/** Object definitions to and from Leshan's models. */
public final class LeshanModels {
  private LeshanModels() {}

  /** The core Objects 0 to 7 and 21 that come with Leshan, in all their versions. */
  public static List<ObjectDefinition> coreObjects() {
    return ObjectLoader.loadAllDefault().stream().map(LeshanModels::fromLeshan).toList();
  }

  /** The definitions as Leshan has them, all versions of each. */
  public static List<ObjectModel> toLeshan(Collection<ObjectDefinition> definitions) {
    return definitions.stream().map(LeshanModels::toLeshan).toList();
  }

  /**
   * For Leshan's versioned model providers, which choose by the version that a device registers.
   */
  public static LwM2mModelRepository repository(Collection<ObjectDefinition> definitions) {
    return new LwM2mModelRepository(toLeshan(definitions));
  }

  /** For codecs and the device: the newest version of each Object. */
  public static LwM2mModel newest(Collection<ObjectDefinition> definitions) {
    Map<Integer, ObjectDefinition> newest =
        definitions.stream()
            .collect(
                Collectors.toMap(
                    ObjectDefinition::id,
                    Function.identity(),
                    (one, other) -> one.version().compareTo(other.version()) > 0 ? one : other));
    return new StaticModel(toLeshan(newest.values()));
  }

  private static ObjectModel toLeshan(ObjectDefinition object) {
    return new ObjectModel(
        object.id(),
        object.name(),
        object.description(),
        object.version().toString(),
        object.multiple(),
        object.mandatory(),
        object.resources().values().stream().map(LeshanModels::toLeshan).toList(),
        object.urn(),
        object.lwm2mVersion(),
        "");
  }

  private static ResourceModel toLeshan(ResourceDefinition resource) {
    return new ResourceModel(
        resource.id(),
        resource.name(),
        toLeshan(resource.operations()),
        resource.multiple(),
        resource.mandatory(),
        LeshanTypes.toLeshan(resource.type()),
        resource.range().text(),
        resource.units(),
        resource.description());
  }

  private static ResourceModel.Operations toLeshan(Operations operations) {
    return switch (operations) {
      case NONE -> ResourceModel.Operations.NONE;
      case READ -> ResourceModel.Operations.R;
      case WRITE -> ResourceModel.Operations.W;
      case READ_WRITE -> ResourceModel.Operations.RW;
      case EXECUTE -> ResourceModel.Operations.E;
    };
  }

  private static ObjectDefinition fromLeshan(ObjectModel model) {
    return new ObjectDefinition(
        model.id,
        ObjectVersion.parse(model.version).orElse(ObjectVersion.DEFAULT),
        model.name,
        text(model.description),
        model.urn,
        model.lwm2mVersion,
        model.multiple,
        model.mandatory,
        model.resources.values().stream()
            .map(LeshanModels::fromLeshan)
            .collect(Collectors.toMap(ResourceDefinition::id, Function.identity())));
  }

  private static ResourceDefinition fromLeshan(ResourceModel model) {
    ValueType type = LeshanTypes.fromLeshan(model.type);
    return new ResourceDefinition(
        model.id,
        model.name,
        fromLeshan(model.operations),
        model.multiple,
        model.mandatory,
        type,
        ValueRange.of(type, text(model.rangeEnumeration)),
        text(model.units),
        text(model.description));
  }

  private static Operations fromLeshan(ResourceModel.Operations operations) {
    return switch (operations) {
      case NONE -> Operations.NONE;
      case R -> Operations.READ;
      case W -> Operations.WRITE;
      case RW -> Operations.READ_WRITE;
      case E -> Operations.EXECUTE;
    };
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "").strip();
  }
}
