package org.firstlight.simulator.crowd;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.eclipse.leshan.core.node.codec.LwM2mDecoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.firstlight.simulator.connection.ServerTrust;
import org.firstlight.simulator.objects.LwM2mRelease;

/**
 * What a Bootstrap-Server writes to a device, while its session is open: of /0 and /1 the values,
 * of all else nothing. Used on one thread at a time.
 */
final class WrittenObjects {
  private static final LwM2mDecoder DECODER = LwM2mRelease.V1_1.decoder();
  private static final LwM2mModel MODEL = new StaticModel(LwM2mRelease.V1_1.models().values());
  private static final int SECURITY = 0;
  private static final int SERVER = 1;
  private static final long CERTIFICATE = 2;
  private static final long EST = 4;

  /** Instances of /0 and /1, by their path. */
  private final Map<String, Map<Integer, Object>> instances = new TreeMap<>();

  /** Whether the payload could be read. */
  boolean write(LwM2mPath path, int contentFormat, byte[] payload) {
    if (path.getObjectId() > SERVER) {
      return true;
    }
    try {
      LwM2mNode node = DECODER.decode(payload, ContentFormat.fromCode(contentFormat), path, MODEL);
      if (node instanceof LwM2mObject object) {
        object.getInstances().values().forEach(one -> keep(path.getObjectId(), one));
      } else if (node instanceof LwM2mObjectInstance instance) {
        keep(path.getObjectId(), instance);
      } else if (node instanceof LwM2mResource resource) {
        keep(path.getObjectId(), path.getObjectInstanceId(), resource);
      }
      return true;
    } catch (CodecException unreadable) {
      return false;
    }
  }

  private void keep(int objectId, LwM2mObjectInstance instance) {
    instance.getResources().values().forEach(one -> keep(objectId, instance.getId(), one));
  }

  private void keep(int objectId, int instanceId, LwM2mResource resource) {
    if (!resource.isMultiInstances()) {
      instances
          .computeIfAbsent("/%d/%d".formatted(objectId, instanceId), path -> new HashMap<>())
          .put(resource.getId(), resource.getValue());
    }
  }

  void delete(LwM2mPath path) {
    if (path.isRoot()) {
      instances.clear();
    } else {
      String prefix = path + "/";
      instances.keySet().removeIf(one -> (one + "/").startsWith(prefix));
    }
  }

  /** The account of the LwM2M Server, if there is a whole one with a certificate or with EST. */
  Optional<Account> account() {
    return of(SECURITY)
        .filter(one -> !Boolean.TRUE.equals(one.get(1)))
        .findFirst()
        .flatMap(this::account);
  }

  private Optional<Account> account(Map<Integer, Object> security) {
    Optional<URI> uri = value(security, 0, String.class).flatMap(WrittenObjects::uri);
    long mode = value(security, 2, Long.class).orElse(-1L);
    byte[] certificate = value(security, 3, byte[].class).orElse(new byte[0]);
    byte[] key = value(security, 5, byte[].class).orElse(new byte[0]);
    Optional<byte[]> trust = value(security, 4, byte[].class);
    int usage = value(security, 15, ULong.class).map(ULong::intValue).orElse(ServerTrust.UNSAID);
    Optional<Map<Integer, Object>> server =
        of(SERVER)
            .filter(one -> one.get(0) != null && one.get(0).equals(security.get(10)))
            .findFirst();
    boolean whole = certificate.length > 0 && key.length > 0;
    if (uri.isEmpty()
        || trust.isEmpty()
        || server.isEmpty()
        || !(mode == EST || mode == CERTIFICATE && whole)) {
      return Optional.empty();
    }
    long lifetime = value(server.get(), 1, Long.class).orElse(86_400L);
    return Optional.of(
        new Account(
            uri.get(),
            new Trust(trust.get(), usage),
            whole ? Optional.of(new Identity(key, certificate)) : Optional.empty(),
            Duration.ofSeconds(lifetime)));
  }

  private Stream<Map<Integer, Object>> of(int objectId) {
    return instances.entrySet().stream()
        .filter(one -> one.getKey().startsWith("/" + objectId + "/"))
        .map(Map.Entry::getValue);
  }

  private static <T> Optional<T> value(Map<Integer, Object> instance, int id, Class<T> type) {
    return Optional.ofNullable(instance.get(id)).filter(type::isInstance).map(type::cast);
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
