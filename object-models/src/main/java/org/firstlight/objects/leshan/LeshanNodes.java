package org.firstlight.objects.leshan;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mRoot;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Many;

/** Paths and values to and from Leshan's paths and nodes. */
public final class LeshanNodes {
  private LeshanNodes() {}

  public static org.eclipse.leshan.core.node.LwM2mPath toLeshan(LwM2mPath path) {
    return new org.eclipse.leshan.core.node.LwM2mPath(path.toString());
  }

  public static LwM2mPath fromLeshan(org.eclipse.leshan.core.node.LwM2mPath path) {
    return LwM2mPath.parse(path.toString());
  }

  /**
   * The node to write at the path of a Resource or a Resource Instance.
   *
   * @throws IllegalArgumentException when the path ends above a Resource, when several values are
   *     to stand at a Resource Instance, or when links are not in the CoRE Link Format
   */
  public static LwM2mNode toNode(LwM2mPath path, TypedValue value) {
    if (path.isResource()) {
      return toResource(path.resourceId(), value);
    }
    if (path.isResourceInstance()) {
      return toResourceInstance(path.resourceInstanceId(), value);
    }
    throw new IllegalArgumentException(path + " holds no value of its own");
  }

  /** A multiple Resource for {@link Many}, else a single one. */
  public static LwM2mResource toResource(int resourceId, TypedValue value) {
    Type type = LeshanTypes.toLeshan(value.type());
    if (value instanceof Many many) {
      return new LwM2mMultipleResource(
          resourceId,
          // an empty Resource has no type of its own, and Leshan wants one
          type == Type.NONE ? Type.STRING : type,
          many.values().entrySet().stream()
              .map(entry -> toResourceInstance(entry.getKey(), entry.getValue()))
              .toList());
    }
    return LwM2mSingleResource.newResource(resourceId, LeshanTypes.content(value), type);
  }

  private static LwM2mResourceInstance toResourceInstance(int id, TypedValue value) {
    return LwM2mResourceInstance.newInstance(
        id, LeshanTypes.content(value), LeshanTypes.toLeshan(value.type()));
  }

  /** An Object Instance of these Resources, by their IDs. */
  public static LwM2mObjectInstance toInstance(int instanceId, Map<Integer, TypedValue> resources) {
    return new LwM2mObjectInstance(
        instanceId,
        resources.entrySet().stream()
            .map(entry -> toResource(entry.getKey(), entry.getValue()))
            .toList());
  }

  /**
   * Every value of a node, by the path of its Resource; of a Resource Instance, by its own path.
   *
   * @param path where the node stands
   */
  public static SortedMap<LwM2mPath, TypedValue> values(LwM2mPath path, LwM2mNode node) {
    SortedMap<LwM2mPath, TypedValue> values = new TreeMap<>();
    collect(path, node, values);
    return Collections.unmodifiableSortedMap(values);
  }

  private static void collect(LwM2mPath path, LwM2mNode node, Map<LwM2mPath, TypedValue> values) {
    if (node instanceof LwM2mRoot root) {
      root.getObjects().forEach((id, object) -> collect(path.child(id), object, values));
    } else if (node instanceof LwM2mObject object) {
      object.getInstances().forEach((id, instance) -> collect(path.child(id), instance, values));
    } else if (node instanceof LwM2mObjectInstance instance) {
      instance.getResources().forEach((id, resource) -> collect(path.child(id), resource, values));
    } else if (node instanceof LwM2mResource resource) {
      values.put(path, value(resource));
    } else if (node instanceof LwM2mResourceInstance instance) {
      values.put(path, value(instance));
    } else {
      throw new IllegalArgumentException("a node of an unknown kind at " + path);
    }
  }

  /** What a Resource holds, as {@link Many} when it is a multiple one. */
  public static TypedValue value(LwM2mResource resource) {
    return resource.isMultiInstances()
        ? new Many(
            resource.getInstances().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> value(entry.getValue()))))
        : LeshanTypes.value(resource.getType(), resource.getValue());
  }

  private static TypedValue value(LwM2mResourceInstance instance) {
    return LeshanTypes.value(instance.getType(), instance.getValue());
  }
}
