package org.firstlight.dm.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.leshan.core.LwM2m.Version;
import org.eclipse.leshan.core.link.DefaultLinkParser;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.link.LinkParseException;
import org.eclipse.leshan.core.link.LinkParser;
import org.eclipse.leshan.core.link.attributes.AttributeModel;
import org.eclipse.leshan.core.link.attributes.Attributes;
import org.eclipse.leshan.core.link.attributes.ContentFormatAttribute;
import org.eclipse.leshan.core.link.attributes.DefaultAttributeParser;
import org.eclipse.leshan.core.link.attributes.ResourceTypeAttribute;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttribute;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributes;
import org.firstlight.objects.path.LwM2mPath;

/**
 * What a device says it has: the payload of its Register (LwM2M Core 1.1.1 §6.2.1.1). Read
 * leniently: {@code ver} may stand on an Object Instance, and links outside the LwM2M root are
 * passed over.
 *
 * @param rootPath of the LwM2M tree on the device, "/" or as "/lwm2m/"
 * @param versions Object ID to the version that the device names, where it names one
 * @param objects every Object it names, with or without Instances
 * @param instances every Object Instance it names
 * @param contentFormats codes of the formats it says it can speak
 */
public record ObjectLinks(
    String rootPath,
    SortedMap<Integer, String> versions,
    SortedSet<Integer> objects,
    SortedSet<LwM2mPath> instances,
    Set<Integer> contentFormats) {
  private static final LinkParser PARSER = new DefaultLinkParser(attributes());
  private static final int MAX_LINKS = 1_000;

  public ObjectLinks {
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    objects = Collections.unmodifiableSortedSet(new TreeSet<>(objects));
    instances = Collections.unmodifiableSortedSet(new TreeSet<>(instances));
    contentFormats = Set.copyOf(contentFormats);
  }

  private static DefaultAttributeParser attributes() {
    List<AttributeModel<?>> known = new ArrayList<>(Attributes.ALL);
    known.addAll(LwM2mAttributes.ALL);
    return new DefaultAttributeParser(known);
  }

  /**
   * Reads a stored registration's links, which were readable when it came.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static ObjectLinks ofStored(String text) {
    try {
      return read(text.getBytes(UTF_8));
    } catch (UnreadableMessageException damaged) {
      throw new IllegalArgumentException(damaged.failure().reason(), damaged);
    }
  }

  static ObjectLinks read(byte[] payload) throws UnreadableMessageException {
    Link[] links;
    try {
      links = PARSER.parseCoreLinkFormat(payload);
    } catch (LinkParseException | IllegalArgumentException malformed) {
      throw UnreadableMessageException.malformed("object links: " + brief(malformed));
    }
    if (links.length > MAX_LINKS) {
      throw UnreadableMessageException.malformed("object links: more than " + MAX_LINKS);
    }
    String rootPath = "/";
    Set<Integer> formats = new TreeSet<>();
    for (Link link : links) {
      ResourceTypeAttribute rt = link.getAttributes().get(Attributes.RT);
      if (rt != null && rt.getValue().contains("oma.lwm2m")) {
        rootPath = link.getUriReference();
      }
      ContentFormatAttribute ct = link.getAttributes().get(Attributes.CT);
      if (ct != null) {
        ct.getValue().forEach(format -> formats.add(format.getCode()));
      }
    }
    return collect(links, rootPath.endsWith("/") ? rootPath : rootPath + "/", formats);
  }

  private static ObjectLinks collect(Link[] links, String rootPath, Set<Integer> formats)
      throws UnreadableMessageException {
    SortedMap<Integer, String> versions = new TreeMap<>();
    SortedSet<Integer> objects = new TreeSet<>();
    SortedSet<LwM2mPath> instances = new TreeSet<>();
    for (Link link : links) {
      String uri = link.getUriReference();
      if (!uri.startsWith(rootPath) || uri.length() == rootPath.length()) {
        continue;
      }
      LwM2mPath path;
      try {
        path =
            LwM2mPath.parse(
                uri.substring(rootPath.length() - 1, uri.length() - (uri.endsWith("/") ? 1 : 0)));
      } catch (IllegalArgumentException malformed) {
        throw UnreadableMessageException.malformed(
            "object links: <%s>: %s".formatted(printable(uri), malformed.getMessage()));
      }
      objects.add(path.objectId());
      if (path.isInstance()) {
        instances.add(path);
      }
      LwM2mAttribute<Version> version = link.getAttributes().get(LwM2mAttributes.OBJECT_VERSION);
      if (version != null && version.hasValue()) {
        versions.put(path.objectId(), version.getValue().toString());
      }
    }
    return new ObjectLinks(rootPath, versions, objects, instances, formats);
  }

  private static String brief(Exception malformed) {
    String message = String.valueOf(malformed.getMessage());
    return printable(message.length() > 120 ? message.substring(0, 120) + "…" : message);
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~…]", "?");
  }
}
