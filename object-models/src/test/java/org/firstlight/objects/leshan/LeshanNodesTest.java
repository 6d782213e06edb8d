package org.firstlight.objects.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.CoreLinks;
import org.firstlight.objects.value.TypedValue.Flag;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.ObjectLink;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;
import org.firstlight.objects.value.TypedValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeshanNodesTest {
  private static final LwM2mPath RESOURCE = LwM2mPath.of(9, 8, 7);

  @Property
  void single_value_comes_back(@ForAll("singles") TypedValue value) {
    LwM2mPath instance = RESOURCE.child(6);
    assertThat(LeshanNodes.values(RESOURCE, LeshanNodes.toNode(RESOURCE, value)))
        .isEqualTo(Map.of(RESOURCE, value));
    assertThat(LeshanNodes.values(instance, LeshanNodes.toNode(instance, value)))
        .isEqualTo(Map.of(instance, value));
  }

  @Property
  void resource_instances_come_back(@ForAll("many") Many many) {
    assertThat(LeshanNodes.values(RESOURCE, LeshanNodes.toNode(RESOURCE, many)))
        .isEqualTo(Map.of(RESOURCE, many));
  }

  @Test
  void object_gives_each_value_with_its_path() {
    LwM2mObjectInstance first = LeshanNodes.toInstance(0, Map.of(1, new Whole(300)));
    LwM2mObjectInstance second =
        LeshanNodes.toInstance(1, Map.of(1, new Whole(60), 7, new Text("U")));
    assertThat(LeshanNodes.values(LwM2mPath.of(1), new LwM2mObject(1, first, second)))
        .isEqualTo(
            Map.of(
                LwM2mPath.of(1, 0, 1), new Whole(300),
                LwM2mPath.of(1, 1, 1), new Whole(60),
                LwM2mPath.of(1, 1, 7), new Text("U")));
  }

  @Test
  void path_comes_back() {
    for (String text : new String[] {"/", "/3", "/3/0", "/3/0/6", "/3/0/6/1"}) {
      LwM2mPath path = LwM2mPath.parse(text);
      assertThat(LeshanNodes.fromLeshan(LeshanNodes.toLeshan(path))).isEqualTo(path);
    }
  }

  @Test
  void what_has_no_node_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeshanNodes.toNode(LwM2mPath.of(3, 0), new Whole(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeshanNodes.toNode(RESOURCE.child(0), new Many(Map.of())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeshanNodes.toNode(RESOURCE, new CoreLinks("</3")));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {ContentFormat.TLV_CODE, ContentFormat.SENML_JSON_CODE, ContentFormat.SENML_CBOR_CODE})
  void values_survive_the_wire_with_our_models(int format) {
    LwM2mModel model = LeshanModels.newest(ObjectModels.builtIn().all());
    ContentFormat contentFormat = ContentFormat.fromCode(format);
    Map<Integer, TypedValue> bearer =
        Map.of(
            0, new Many(Map.of(0, new Whole(4), 1, new Whole(3))),
            6, new Text("00101,00102"),
            7, new Flag(true),
            9, new ObjectLink(33_000, 2));
    assertThat(overTheWire(LwM2mPath.of(13, 0), bearer, model, contentFormat)).isEqualTo(bearer);
    Map<Integer, TypedValue> cellular = Map.of(7, new Bytes(new byte[] {5}), 13, new Unsigned(3));
    assertThat(overTheWire(LwM2mPath.of(10, 0), cellular, model, contentFormat))
        .isEqualTo(cellular);
    Map<Integer, TypedValue> sim = Map.of(26_241, new Bytes(new byte[] {1, 2, 3}));
    assertThat(overTheWire(LwM2mPath.of(505, 0), sim, model, contentFormat)).isEqualTo(sim);
  }

  private static Map<Integer, TypedValue> overTheWire(
      LwM2mPath path, Map<Integer, TypedValue> resources, LwM2mModel model, ContentFormat format) {
    LwM2mNode sent = LeshanNodes.toInstance(path.instanceId(), resources);
    byte[] bytes =
        new DefaultLwM2mEncoder().encode(sent, format, LeshanNodes.toLeshan(path), model);
    LwM2mNode received =
        new DefaultLwM2mDecoder().decode(bytes, format, LeshanNodes.toLeshan(path), model);
    return LeshanNodes.values(path, received).entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().resourceId(), Map.Entry::getValue));
  }

  @Provide
  Arbitrary<TypedValue> singles() {
    return TypedValues.singles();
  }

  @Provide
  Arbitrary<Many> many() {
    return TypedValues.many();
  }
}
