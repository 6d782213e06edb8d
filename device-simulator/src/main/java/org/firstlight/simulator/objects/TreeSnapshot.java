package org.firstlight.simulator.objects;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectEnabler;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.simulator.pem.PemFiles;

/**
 * All that a tree holds at one moment: to go back to after a bootstrap that failed, and to keep on
 * disk while the device is off. The file holds keys, so its owner alone may read it.
 */
public record TreeSnapshot(Map<Integer, Map<Integer, Collection<LwM2mResource>>> objects) {

  public static TreeSnapshot of(DeviceTree tree) {
    Map<Integer, Map<Integer, Collection<LwM2mResource>>> objects = new TreeMap<>();
    for (ObjectEnabler object : tree.objects()) {
      Map<Integer, Collection<LwM2mResource>> instances = new TreeMap<>();
      for (int id : object.getAvailableInstanceIds()) {
        tree.instance(object.getId(), id)
            .ifPresent(instance -> instances.put(id, instance.contents()));
      }
      objects.put(object.getId(), instances);
    }
    return new TreeSnapshot(objects);
  }

  /** Makes the tree hold what it held then. */
  public void restore(DeviceTree tree) {
    objects.forEach(
        (objectId, instances) ->
            tree.find(objectId).ifPresent(object -> restore(tree, object, instances)));
  }

  private static void restore(
      DeviceTree tree, ObjectEnabler object, Map<Integer, Collection<LwM2mResource>> instances) {
    for (int id : object.getAvailableInstanceIds()) {
      if (!instances.containsKey(id)) {
        object.removeInstance(id);
      }
    }
    instances.forEach(
        (id, resources) -> {
          if (tree.instance(object.getId(), id).isEmpty()) {
            LwM2mInstanceEnabler made = tree.newInstance(object.getId(), id);
            object.addInstance(id, made);
          }
          tree.instance(object.getId(), id).orElseThrow().restore(resources);
        });
  }

  /** Writes the file whole or not at all. */
  public void write(Path file, DeviceTree tree) throws IOException {
    DefaultLwM2mEncoder encoder = new DefaultLwM2mEncoder();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Map.Entry<Integer, Map<Integer, Collection<LwM2mResource>>> entry : objects.entrySet()) {
        List<LwM2mObjectInstance> instances =
            entry.getValue().entrySet().stream()
                .map(instance -> new LwM2mObjectInstance(instance.getKey(), instance.getValue()))
                .toList();
        byte[] tlv =
            encoder.encode(
                new LwM2mObject(entry.getKey(), instances),
                ContentFormat.TLV,
                new LwM2mPath(entry.getKey()),
                tree.leshan().getModel());
        out.writeInt(entry.getKey());
        out.writeInt(tlv.length);
        out.write(tlv);
      }
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    PemFiles.writeSecret(part, bytes.toByteArray());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  public static TreeSnapshot read(Path file, DeviceTree tree) throws IOException {
    DefaultLwM2mDecoder decoder = new DefaultLwM2mDecoder();
    Map<Integer, Map<Integer, Collection<LwM2mResource>>> objects = new TreeMap<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      while (in.available() > 0) {
        int objectId = in.readInt();
        byte[] tlv = in.readNBytes(in.readInt());
        LwM2mObject object =
            decoder.decode(
                tlv,
                ContentFormat.TLV,
                new LwM2mPath(objectId),
                tree.leshan().getModel(),
                LwM2mObject.class);
        Map<Integer, Collection<LwM2mResource>> instances = new TreeMap<>();
        object
            .getInstances()
            .forEach((id, instance) -> instances.put(id, instance.getResources().values()));
        objects.put(objectId, instances);
      }
    }
    return new TreeSnapshot(objects);
  }
}
