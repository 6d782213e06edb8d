package org.firstlight.simulator.objects;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.firstlight.objects.CheckResult.Violation;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.leshan.LeshanNodes;
import org.firstlight.objects.path.LwM2mPath;

/**
 * An Object Instance that keeps what is written to it and refuses what its model does not allow.
 * Subclasses add values that are computed, rules and Executes. Safe for use by several threads.
 */
public class StoredInstance extends BaseInstanceEnabler {
  private static final ObjectModels MODELS = ObjectModels.builtIn();

  private final Map<Integer, LwM2mResource> values = new TreeMap<>();

  public StoredInstance(int id) {
    super(id);
  }

  /** What the device itself says a resource is now; observers hear of it if it changed. */
  public final void set(int resourceId, Object value) {
    ResourceModel resource = getModel().resources.get(resourceId);
    if (resource != null) { // an older object version may lack it
      put(resourceId, LwM2mSingleResource.newResource(resourceId, value, resource.type));
    }
  }

  /** The same for a multiple resource, by resource instance id. */
  public final void setAll(int resourceId, Map<Integer, ?> instances) {
    ResourceModel resource = getModel().resources.get(resourceId);
    if (resource != null) {
      put(resourceId, LwM2mMultipleResource.newResource(resourceId, instances, resource.type));
    }
  }

  /** The stored value of a single resource, if it has one and it is of this type. */
  public final <T> Optional<T> value(int resourceId, Class<T> type) {
    return stored(resourceId)
        .filter(resource -> !resource.isMultiInstances())
        .map(LwM2mResource::getValue)
        .filter(type::isInstance)
        .map(type::cast);
  }

  /** Everything stored, as it is saved and restored; Executes and computed values are not in it. */
  public final synchronized Collection<LwM2mResource> contents() {
    return List.copyOf(values.values());
  }

  final synchronized void restore(Collection<LwM2mResource> resources) {
    values.clear();
    resources.forEach(resource -> values.put(resource.getId(), resource));
  }

  /** A value that is computed at the time it is read. */
  protected Optional<LwM2mResource> computed(int resourceId) {
    return Optional.empty();
  }

  /** Why this value may not be written, in words for the server. */
  protected Optional<String> fault(LwM2mResource value) {
    LwM2mPath path = LwM2mPath.of(getModel().id, getId(), value.getId());
    return MODELS.check(path, LeshanNodes.value(value)).violation().map(Violation::message);
  }

  /** Called after a server wrote a resource. */
  protected void written(int resourceId) {}

  @Override
  public final ReadResponse read(LwM2mServer server, int resourceId) {
    return computed(resourceId)
        .or(() -> stored(resourceId))
        .map(ReadResponse::success)
        .orElseGet(ReadResponse::notFound);
  }

  @Override
  public final WriteResponse write(
      LwM2mServer server, boolean replace, LwM2mObjectInstance instance) {
    for (LwM2mResource resource : instance.getResources().values()) {
      if (!getModel().resources.containsKey(resource.getId())) {
        continue; // LwM2M Core 1.1.1 §6.3.3: what is not known is ignored in an instance
      }
      Optional<String> fault = fault(resource);
      if (fault.isPresent()) {
        return WriteResponse.badRequest(fault.get());
      }
    }
    if (replace) {
      for (ResourceModel resourceModel : getModel().resources.values()) {
        boolean devicesOwn =
            resourceModel.operations.isReadable() && !resourceModel.operations.isWritable();
        if (!devicesOwn && !instance.getResources().containsKey(resourceModel.id)) {
          reset(resourceModel.id);
        }
      }
    }
    for (LwM2mResource resource : instance.getResources().values()) {
      if (getModel().resources.containsKey(resource.getId())) {
        store(replace, resource);
      }
    }
    return WriteResponse.success();
  }

  @Override
  public final WriteResponse write(
      LwM2mServer server, boolean replace, int resourceId, LwM2mResource value) {
    if (!getModel().resources.containsKey(resourceId)) {
      return WriteResponse.notFound();
    }
    Optional<String> fault = fault(value);
    if (fault.isPresent()) {
      return WriteResponse.badRequest(fault.get());
    }
    store(replace, value);
    return WriteResponse.success();
  }

  /** A Resource Instance that is not there yet is made. */
  @Override
  public final WriteResponse write(
      LwM2mServer server,
      boolean addIfAbsent,
      int resourceId,
      int resourceInstanceId,
      LwM2mResourceInstance value) {
    return write(
        server, false, resourceId, new LwM2mMultipleResource(resourceId, value.getType(), value));
  }

  @Override
  public ExecuteResponse execute(LwM2mServer server, int resourceId, Arguments arguments) {
    return ExecuteResponse.methodNotAllowed();
  }

  @Override
  public final void reset(int resourceId) {
    boolean there;
    synchronized (this) {
      there = values.remove(resourceId) != null;
    }
    if (there) {
      fireResourceChange(resourceId);
    }
  }

  /** What has a value, and what takes one or can be executed. */
  @Override
  public List<Integer> getAvailableResourceIds(ObjectModel objectModel) {
    List<Integer> ids = new ArrayList<>();
    for (ResourceModel resource : objectModel.resources.values()) {
      boolean there = stored(resource.id).isPresent() || computed(resource.id).isPresent();
      if (there || resource.operations.isWritable() || resource.operations.isExecutable()) {
        ids.add(resource.id);
      }
    }
    ids.sort(null);
    return ids;
  }

  private void store(boolean replace, LwM2mResource value) {
    put(value.getId(), replace ? value : merged(value));
    written(value.getId());
  }

  private synchronized LwM2mResource merged(LwM2mResource value) {
    LwM2mResource before = values.get(value.getId());
    if (before == null || !value.isMultiInstances()) {
      return value;
    }
    Map<Integer, LwM2mResourceInstance> instances = new TreeMap<>(before.getInstances());
    instances.putAll(value.getInstances());
    return new LwM2mMultipleResource(value.getId(), value.getType(), instances.values());
  }

  private void put(int resourceId, LwM2mResource value) {
    LwM2mResource before;
    synchronized (this) {
      before = values.put(resourceId, value);
    }
    if (!value.equals(before) && getId() != null) {
      fireResourceChange(resourceId); // outside the lock: observers read the instance
    }
  }

  private synchronized Optional<LwM2mResource> stored(int resourceId) {
    return Optional.ofNullable(values.get(resourceId));
  }
}
