package org.firstlight.dm;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.leshan.LeshanModels;
import org.firstlight.objects.leshan.LeshanNodes;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** The objects of a test device, and how it misbehaves. */
final class DeviceTree extends CoapResource {
  private static final LwM2mModel MODEL = LeshanModels.newest(ObjectModels.builtIn().all());
  private static final DefaultLwM2mEncoder ENCODER = new DefaultLwM2mEncoder();
  private static final DefaultLwM2mDecoder DECODER = new DefaultLwM2mDecoder();

  final Map<LwM2mPath, TypedValue> values = new ConcurrentSkipListMap<>();

  /** "POST /3/0/4 arguments", in order. */
  final CopyOnWriteArrayList<String> requests = new CopyOnWriteArrayList<>();

  /** Paths whose writes it acknowledges and forgets. */
  final Set<LwM2mPath> stubborn = ConcurrentHashMap.newKeySet();

  /** Formats it does not take. */
  final Set<Integer> unknownFormats = ConcurrentHashMap.newKeySet();

  /** It hears, and says nothing. */
  volatile boolean silent;

  /** It resets each Execute, as one that has forgotten its connection would. */
  volatile boolean resetting;

  /** What happens elsewhere while it takes a write. */
  volatile Runnable meanwhile = () -> {};

  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  DeviceTree() {
    super("");
  }

  @Override
  public Resource getChild(String name) {
    return node("/" + name);
  }

  Node node(String path) {
    return nodes.computeIfAbsent(path, key -> new Node(LwM2mPath.parse(key)));
  }

  /** Changes a value as the device itself does, and notifies. */
  void change(String path, TypedValue value) {
    values.put(LwM2mPath.parse(path), value);
    node(path).changed();
  }

  /** One level of a path. */
  final class Node extends CoapResource {
    private final LwM2mPath path;

    private Node(LwM2mPath path) {
      super(path.toString().substring(path.toString().lastIndexOf('/') + 1));
      this.path = path;
      setObservable(true);
      setObserveType(CoAP.Type.CON);
    }

    @Override
    public Resource getChild(String name) {
      return node(path + "/" + name);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      requests.add("GET " + path);
      if (silent) {
        return;
      }
      int accept = exchange.getRequestOptions().getAccept();
      if (accept == ContentFormat.LINK_CODE) {
        exchange.respond(ResponseCode.CONTENT, "<" + path + ">", ContentFormat.LINK_CODE);
      } else if (unknownFormats.contains(accept)) {
        exchange.respond(ResponseCode.NOT_ACCEPTABLE);
      } else {
        read(exchange, accept < 0 ? ContentFormat.TLV : ContentFormat.fromCode(accept));
      }
    }

    private void read(CoapExchange exchange, ContentFormat format) {
      Map<Integer, TypedValue> below = new TreeMap<>();
      values.forEach(
          (at, value) -> {
            if (path.isInstance() && at.startsWith(path)) {
              below.put(at.resourceId(), value);
            }
          });
      TypedValue own = values.get(path);
      if (own == null && below.isEmpty()) {
        exchange.respond(ResponseCode.NOT_FOUND);
        return;
      }
      LwM2mNode node =
          own != null
              ? LeshanNodes.toNode(path, own)
              : LeshanNodes.toInstance(path.instanceId(), below);
      exchange.respond(
          ResponseCode.CONTENT,
          ENCODER.encode(node, format, LeshanNodes.toLeshan(path), MODEL),
          format.getCode());
    }

    @Override
    public void handlePUT(CoapExchange exchange) {
      write(exchange, "PUT ");
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      if (path.isInstance()) {
        write(exchange, "POST ");
        return;
      }
      requests.add(("POST " + path + " " + exchange.getRequestText()).strip());
      if (resetting) {
        exchange.reject();
      } else if (!silent) {
        exchange.respond(ResponseCode.CHANGED);
      }
    }

    private void write(CoapExchange exchange, String verb) {
      requests.add(verb + path);
      meanwhile.run();
      int format = exchange.getRequestOptions().getContentFormat();
      if (silent) {
        return;
      }
      if (unknownFormats.contains(format)) {
        exchange.respond(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
        return;
      }
      LwM2mNode node =
          DECODER.decode(
              exchange.getRequestPayload(),
              ContentFormat.fromCode(format),
              LeshanNodes.toLeshan(path),
              MODEL);
      LeshanNodes.values(path, node).forEach(this::take);
      exchange.respond(ResponseCode.CHANGED);
    }

    private void take(LwM2mPath at, TypedValue value) {
      if (stubborn.contains(at)) {
        return;
      }
      if (at.isResourceInstance()) {
        Map<Integer, TypedValue> members = new TreeMap<>();
        if (values.get(at.resource()) instanceof TypedValue.Many many) {
          members.putAll(many.values());
        }
        members.put(at.resourceInstanceId(), value);
        values.put(at.resource(), new TypedValue.Many(members));
      } else {
        values.put(at, value);
      }
    }
  }
}
