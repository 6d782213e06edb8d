package org.firstlight.simulator.objects;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.leshan.core.LwM2m.LwM2mVersion;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.node.codec.LwM2mDecoder;
import org.eclipse.leshan.core.node.codec.LwM2mEncoder;
import org.eclipse.leshan.core.node.codec.LwM2mValueChecker;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.leshan.LeshanModels;

/** A release of LwM2M: which object versions and content formats its devices know. */
public enum LwM2mRelease {
  V1_0(LwM2mVersion.V1_0),
  V1_1(LwM2mVersion.V1_1);

  private static final List<ContentFormat> FORMATS_1_0 =
      List.of(ContentFormat.TEXT, ContentFormat.OPAQUE, ContentFormat.TLV, ContentFormat.JSON);

  private final LwM2mVersion leshan;

  LwM2mRelease(LwM2mVersion leshan) {
    this.leshan = leshan;
  }

  /** {@code 1.0} or {@code 1.1}. */
  public static LwM2mRelease parse(String text) {
    return switch (text) {
      case "1.0" -> V1_0;
      case "1.1" -> V1_1;
      default -> throw new IllegalArgumentException("this device speaks LwM2M 1.0 or 1.1");
    };
  }

  public String number() {
    return leshan.toString();
  }

  public LwM2mVersion leshan() {
    return leshan;
  }

  /** Core objects as this release has them, the others from our own definitions. */
  public Map<Integer, ObjectModel> models() {
    Map<Integer, ObjectModel> models = new HashMap<>();
    LeshanModels.toLeshan(ObjectModels.builtIn().all())
        .forEach(model -> models.put(model.id, model));
    ObjectLoader.loadDefault(leshan).forEach(model -> models.put(model.id, model));
    return models;
  }

  public LwM2mEncoder encoder() {
    return this == V1_1
        ? new DefaultLwM2mEncoder()
        : new DefaultLwM2mEncoder(
            only(DefaultLwM2mEncoder.getDefaultNodeEncoders(false)),
            Map.of(),
            new LwM2mValueChecker());
  }

  public LwM2mDecoder decoder() {
    return this == V1_1
        ? new DefaultLwM2mDecoder()
        : new DefaultLwM2mDecoder(
            only(DefaultLwM2mDecoder.getDefaultNodeDecoders(false)), Map.of());
  }

  private static <T> Map<ContentFormat, T> only(Map<ContentFormat, T> all) {
    return all.entrySet().stream()
        .filter(entry -> FORMATS_1_0.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
