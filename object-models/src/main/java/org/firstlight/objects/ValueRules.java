package org.firstlight.objects;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.firstlight.objects.CheckResult.Violation;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.ValueType;

/** A value against its Resource: multiplicity, type, range, in this order. */
final class ValueRules {
  private ValueRules() {}

  static Optional<Violation> violation(
      LwM2mPath path, ResourceDefinition resource, TypedValue value) {
    if (resource.type() == ValueType.NONE || resource.operations().executable()) {
      return refused(path, Rule.TYPE, name(resource) + " holds no value");
    }
    boolean several = resource.multiple() && path.isResource();
    if (several != value instanceof Many) {
      return refused(
          path,
          Rule.MULTIPLICITY,
          name(resource) + (several ? " has Resource Instances" : " takes one value"));
    }
    Collection<TypedValue> single =
        value instanceof Many many ? many.values().values() : List.of(value);
    return single.stream().flatMap(one -> typeOrRange(path, resource, one).stream()).findFirst();
  }

  private static Optional<Violation> typeOrRange(
      LwM2mPath path, ResourceDefinition resource, TypedValue value) {
    if (value.type() != resource.type()) {
      return refused(
          path,
          Rule.TYPE,
          "%s is of type %s, the value is %s"
              .formatted(name(resource), resource.type().ddfName(), value.type().ddfName()));
    }
    return resource
        .range()
        .fault(value)
        .flatMap(fault -> refused(path, Rule.RANGE, "%s: %s".formatted(name(resource), fault)));
  }

  private static Optional<Violation> refused(LwM2mPath path, Rule rule, String fault) {
    return Optional.of(Violation.of(path, rule, fault));
  }

  /** How a message names a Resource. */
  static String name(ResourceDefinition resource) {
    return "\"%s\"".formatted(resource.name());
  }
}
