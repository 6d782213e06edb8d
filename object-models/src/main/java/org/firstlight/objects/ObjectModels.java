package org.firstlight.objects;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.firstlight.objects.CheckResult.Ok;
import org.firstlight.objects.CheckResult.Violation;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.definition.Operations;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.leshan.LeshanModels;
import org.firstlight.objects.onboarding.OnboardingObjects;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.ValueText;

/**
 * An immutable catalogue of object definitions, in one or several versions each. Where no version
 * is named, the newest counts. Safe for use by any thread.
 */
public final class ObjectModels {
  private static final class BuiltIn {
    static final ObjectModels MODELS =
        of(LeshanModels.coreObjects()).with(OnboardingObjects.definitions());
  }

  private final NavigableMap<Integer, NavigableMap<ObjectVersion, ObjectDefinition>> byId;

  private ObjectModels(NavigableMap<Integer, NavigableMap<ObjectVersion, ObjectDefinition>> byId) {
    this.byId = byId;
  }

  /**
   * The core objects 0 to 7 and 21, and the onboarding set 10, 11, 13, 19, 27, 504, 505, 3443,
   * 10479.
   */
  public static ObjectModels builtIn() {
    return BuiltIn.MODELS;
  }

  /** A catalogue of these alone; of two with the same ID and version, the later counts. */
  public static ObjectModels of(Collection<ObjectDefinition> definitions) {
    return new ObjectModels(new TreeMap<>()).with(definitions);
  }

  /** This catalogue and these; one with the ID and version of one that is here replaces it. */
  public ObjectModels with(Collection<ObjectDefinition> definitions) {
    NavigableMap<Integer, NavigableMap<ObjectVersion, ObjectDefinition>> more = new TreeMap<>();
    List<ObjectDefinition> all = new ArrayList<>(all());
    all.addAll(definitions);
    all.forEach(
        definition ->
            more.computeIfAbsent(definition.id(), id -> new TreeMap<>())
                .put(definition.version(), definition));
    return new ObjectModels(more);
  }

  /**
   * The catalogue as one device speaks it: of each Object that it names, the version that it names
   * or, where that is not known here, the newest of the same major version; a major version that is
   * not known leaves the Object out. Objects that it does not name stay.
   */
  public ObjectModels forDevice(Map<Integer, ObjectVersion> supported) {
    return of(
        byId.keySet().stream()
            .flatMap(id -> spoken(id, Optional.ofNullable(supported.get(id))).stream())
            .toList());
  }

  private Optional<ObjectDefinition> spoken(int objectId, Optional<ObjectVersion> version) {
    if (version.isEmpty()) {
      return find(objectId);
    }
    return find(objectId, version)
        .or(
            () ->
                byId.get(objectId).values().stream()
                    .filter(known -> known.version().major() == version.get().major())
                    .max(comparing(ObjectDefinition::version)));
  }

  /** The newest version of an Object. */
  public Optional<ObjectDefinition> find(int objectId) {
    return find(objectId, Optional.empty());
  }

  /** An Object in that version, or else in its newest. */
  public Optional<ObjectDefinition> find(int objectId, Optional<ObjectVersion> version) {
    return Optional.ofNullable(byId.get(objectId))
        .flatMap(
            versions ->
                version
                    .map(wanted -> Optional.ofNullable(versions.get(wanted)))
                    .orElseGet(() -> Optional.of(versions.lastEntry().getValue())));
  }

  /** The Resource that a path names or lies in, empty when it names none that is known. */
  public Optional<ResourceDefinition> resource(LwM2mPath path) {
    return path.depth() < 3
        ? Optional.empty()
        : find(path.objectId()).flatMap(object -> object.resource(path.resourceId()));
  }

  /** Every definition in every version, by ID and version. */
  public List<ObjectDefinition> all() {
    return byId.values().stream().flatMap(versions -> versions.values().stream()).toList();
  }

  /**
   * Whether a value may stand at the path of a Resource or a Resource Instance: its type, range and
   * multiplicity. Says nothing of operations, as a Bootstrap-Server writes read-only Resources too.
   */
  public CheckResult check(LwM2mPath path, TypedValue value) {
    return misplaced(path)
        .or(() -> ValueRules.violation(path, resource(path).orElseThrow(), value))
        .<CheckResult>map(violation -> violation)
        .orElseGet(() -> new Ok(path, value));
  }

  /** As {@link #check}, and that an LwM2M Server may write there. */
  public CheckResult checkWrite(LwM2mPath path, TypedValue value) {
    return misplaced(path)
        .or(() -> barred(path, "written", Operations::writable))
        .<CheckResult>map(violation -> violation)
        .orElseGet(() -> check(path, value));
  }

  /** Why an LwM2M Server may not read there: an Object, an Object Instance, or what lies in one. */
  public Optional<Violation> checkRead(LwM2mPath path) {
    return path.isObject() || path.isInstance()
        ? misplacedInstance(path)
        : misplaced(path).or(() -> barred(path, "read", Operations::readable));
  }

  /** Why an LwM2M Server may not execute the Resource at this path. */
  public Optional<Violation> checkExecute(LwM2mPath path) {
    return misplaced(path).or(() -> barred(path, "executed", Operations::executable));
  }

  /**
   * Reads the text form of a value ({@link ValueText}) as the type of the Resource at this path,
   * and checks it as {@link #check} does.
   */
  public CheckResult parse(LwM2mPath path, String text) {
    Optional<Violation> misplaced = misplaced(path);
    if (misplaced.isPresent()) {
      return misplaced.get();
    }
    ResourceDefinition resource = resource(path).orElseThrow();
    try {
      return check(
          path,
          resource.multiple() && path.isResource()
              ? ValueText.parseMany(resource.type(), text)
              : ValueText.parse(resource.type(), text));
    } catch (IllegalArgumentException unreadable) {
      return Violation.of(
          path, Rule.TYPE, ValueRules.name(resource) + " " + unreadable.getMessage());
    }
  }

  /** Why this path names no Resource, nor a Resource Instance, of these models. */
  private Optional<Violation> misplaced(LwM2mPath path) {
    if (path.depth() < 3) {
      return Optional.of(Violation.of(path, Rule.PATH, "names no Resource"));
    }
    return misplacedInstance(path).or(() -> unknownResource(path));
  }

  private Optional<Violation> misplacedInstance(LwM2mPath path) {
    Optional<ObjectDefinition> object = find(path.objectId());
    if (object.isEmpty()) {
      return Optional.of(
          Violation.of(
              path, Rule.UNKNOWN_OBJECT, "Object %d is not known".formatted(path.objectId())));
    }
    if (!path.isObject() && !object.get().multiple() && path.instanceId() != 0) {
      return Optional.of(
          Violation.of(
              path,
              Rule.MULTIPLICITY,
              "Object %s has one Object Instance, 0".formatted(object.get().name())));
    }
    return Optional.empty();
  }

  private Optional<Violation> unknownResource(LwM2mPath path) {
    Optional<ResourceDefinition> resource = resource(path);
    if (resource.isEmpty()) {
      ObjectDefinition object = find(path.objectId()).orElseThrow();
      return Optional.of(
          Violation.of(
              path,
              Rule.UNKNOWN_RESOURCE,
              "Object %s %s has no Resource %d"
                  .formatted(object.name(), object.version(), path.resourceId())));
    }
    if (path.isResourceInstance() && !resource.get().multiple()) {
      return Optional.of(
          Violation.of(
              path,
              Rule.MULTIPLICITY,
              ValueRules.name(resource.get()) + " has no Resource Instances"));
    }
    return Optional.empty();
  }

  private Optional<Violation> barred(LwM2mPath path, String verb, Predicate<Operations> allowed) {
    ResourceDefinition resource = resource(path).orElseThrow();
    return allowed.test(resource.operations())
        ? Optional.empty()
        : Optional.of(
            Violation.of(
                path,
                Rule.OPERATIONS,
                "%s cannot be %s by an LwM2M Server".formatted(ValueRules.name(resource), verb)));
  }
}
