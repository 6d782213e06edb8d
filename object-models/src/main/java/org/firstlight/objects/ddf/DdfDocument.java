package org.firstlight.objects.ddf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.definition.Operations;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.definition.ValueRange;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.ValueType;

/**
 * The Objects of a DDF: {@code LWM2M} holds {@code Object}s, each of which holds fields and {@code
 * Resources}, and these hold {@code Item}s. The order of the fields does not matter.
 */
final class DdfDocument {
  private static final Set<String> OBJECT_FIELDS =
      Set.of(
          "Name",
          "Description1",
          "Description2",
          "ObjectID",
          "ObjectURN",
          "LWM2MVersion",
          "ObjectVersion",
          "MultipleInstances",
          "Mandatory");
  private static final Set<String> ITEM_FIELDS =
      Set.of(
          "Name",
          "Operations",
          "MultipleInstances",
          "Mandatory",
          "Type",
          "RangeEnumeration",
          "Units",
          "Description");
  private static final Pattern OMA_URN =
      Pattern.compile("urn:oma:lwm2m:(?:oma|ext|x):([^:]*)(?::([^:]*))?");

  private final DdfCursor cursor;
  private final DdfLimits limits;

  DdfDocument(DdfCursor cursor, DdfLimits limits) {
    this.cursor = cursor;
    this.limits = limits;
  }

  List<ObjectDefinition> definitions() throws DdfFault, XMLStreamException {
    cursor.enter("LWM2M");
    List<ObjectDefinition> definitions = new ArrayList<>();
    Optional<String> child;
    while ((child = cursor.nextElement()).isPresent()) {
      expect(child.get(), "Object");
      if (definitions.size() == limits.maxObjects()) {
        throw cursor.fault("more than %d Objects".formatted(limits.maxObjects()));
      }
      ObjectDefinition object = object();
      if (definitions.stream()
          .anyMatch(
              other -> other.id() == object.id() && other.version().equals(object.version()))) {
        throw cursor.fault("Object %d %s is there twice".formatted(object.id(), object.version()));
      }
      definitions.add(object);
    }
    cursor.finish();
    if (definitions.isEmpty()) {
      throw cursor.fault("no <Object> in it");
    }
    return definitions;
  }

  private ObjectDefinition object() throws DdfFault, XMLStreamException {
    Map<String, String> fields = new HashMap<>();
    Map<Integer, ResourceDefinition> resources = new TreeMap<>();
    Optional<String> child;
    while ((child = cursor.nextElement()).isPresent()) {
      if (child.get().equals("Resources") && resources.isEmpty()) {
        resources(resources);
      } else {
        field(child.get(), OBJECT_FIELDS, fields);
      }
    }
    if (resources.isEmpty()) {
      throw cursor.fault("an Object without Resources");
    }
    int id = id(required(fields, "ObjectID"), "ObjectID");
    ObjectVersion version = version(fields, "ObjectVersion");
    String urn = required(fields, "ObjectURN");
    checkUrn(urn, id, version);
    return new ObjectDefinition(
        id,
        version,
        name(fields),
        fields.getOrDefault("Description1", ""),
        urn,
        version(fields, "LWM2MVersion").toString(),
        multiple(fields),
        mandatory(fields),
        resources);
  }

  /** An OMA URN names ID and version; one of another form is the maker's own affair. */
  private void checkUrn(String urn, int id, ObjectVersion version) throws DdfFault {
    Matcher oma = OMA_URN.matcher(urn);
    if (!oma.matches()) {
      return;
    }
    String urnVersion = oma.group(2) == null ? "1.0" : oma.group(2);
    if (!oma.group(1).equals(String.valueOf(id)) || !urnVersion.equals(version.toString())) {
      throw cursor.fault(
          "<ObjectURN> does not name Object %d in version %s".formatted(id, version));
    }
  }

  private void resources(Map<Integer, ResourceDefinition> resources)
      throws DdfFault, XMLStreamException {
    Optional<String> child;
    while ((child = cursor.nextElement()).isPresent()) {
      expect(child.get(), "Item");
      if (resources.size() == limits.maxResources()) {
        throw cursor.fault("more than %d Resources".formatted(limits.maxResources()));
      }
      ResourceDefinition resource = resource();
      if (resources.put(resource.id(), resource) != null) {
        throw cursor.fault("Resource %d is there twice".formatted(resource.id()));
      }
    }
  }

  private ResourceDefinition resource() throws DdfFault, XMLStreamException {
    int id = id(cursor.attribute("ID").orElse(""), "Item ID");
    Map<String, String> fields = new HashMap<>();
    Optional<String> child;
    while ((child = cursor.nextElement()).isPresent()) {
      field(child.get(), ITEM_FIELDS, fields);
    }
    ValueType type =
        ValueType.ofDdfName(required(fields, "Type"))
            .orElseThrow(() -> cursor.fault("<Type> is not a data type of LwM2M"));
    return new ResourceDefinition(
        id,
        name(fields),
        Operations.ofDdfName(required(fields, "Operations"))
            .orElseThrow(() -> cursor.fault("<Operations> is not R, W, RW, E or empty")),
        multiple(fields),
        mandatory(fields),
        type,
        ValueRange.of(type, fields.getOrDefault("RangeEnumeration", "")),
        fields.getOrDefault("Units", ""),
        fields.getOrDefault("Description", ""));
  }

  private void expect(String element, String expected) throws DdfFault {
    if (!element.equals(expected)) {
      throw cursor.fault("<%s> stands where <%s> should".formatted(element, expected));
    }
  }

  private void field(String element, Set<String> known, Map<String, String> fields)
      throws DdfFault, XMLStreamException {
    if (!known.contains(element)) {
      throw cursor.fault("<%s> is not known here".formatted(element));
    }
    if (fields.put(element, cursor.text()) != null) {
      throw cursor.fault("<%s> is there twice".formatted(element));
    }
  }

  private String required(Map<String, String> fields, String name) throws DdfFault {
    String text = fields.get(name);
    if (text == null) {
      throw cursor.fault("<%s> is missing".formatted(name));
    }
    return text;
  }

  private String name(Map<String, String> fields) throws DdfFault {
    String name = required(fields, "Name");
    if (name.isEmpty()) {
      throw cursor.fault("<Name> is empty");
    }
    return name;
  }

  private int id(String text, String what) throws DdfFault {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > LwM2mPath.MAX_ID) {
      throw cursor.fault("%s is not a number of 0..%d".formatted(what, LwM2mPath.MAX_ID));
    }
    return Integer.parseInt(text);
  }

  private ObjectVersion version(Map<String, String> fields, String name) throws DdfFault {
    String text = fields.getOrDefault(name, "");
    return text.isEmpty()
        ? ObjectVersion.DEFAULT
        : ObjectVersion.parse(text)
            .orElseThrow(() -> cursor.fault("<%s> is not a version as 1.0".formatted(name)));
  }

  private boolean multiple(Map<String, String> fields) throws DdfFault {
    return oneOf(fields, "MultipleInstances", "Multiple", "Single");
  }

  private boolean mandatory(Map<String, String> fields) throws DdfFault {
    return oneOf(fields, "Mandatory", "Mandatory", "Optional");
  }

  private boolean oneOf(Map<String, String> fields, String name, String yes, String no)
      throws DdfFault {
    String text = required(fields, name);
    if (!text.equals(yes) && !text.equals(no)) {
      throw cursor.fault("<%s> is neither %s nor %s".formatted(name, yes, no));
    }
    return text.equals(yes);
  }
}
