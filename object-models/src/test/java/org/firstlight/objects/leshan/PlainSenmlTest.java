package org.firstlight.objects.leshan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainSenmlTest {
  private static final LwM2mModel MODEL = LeshanModels.newest(ObjectModels.builtIn().all());
  private static final DefaultLwM2mDecoder LESHAN = new DefaultLwM2mDecoder(true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"n\":\"/3/0/9\",\"v\":42}]",
        "[{\"bn\":\"/3/0/\",\"n\":\"0\",\"vs\":\"Acme\"},{\"n\":\"9\",\"v\":42},{\"n\":\"13\",\"v\":1700000000}]",
        "[{\"bn\":\"/4/0/2\",\"v\":-71.0}]",
        "[{\"n\":\"/1/0/6\",\"vb\":true},{\"bn\":\"/4/0/\",\"n\":\"4/\",\"vs\":\"x\"}]"
      })
  void plain_json_is_read_as_leshan_reads_it(String json) {
    byte[] payload = json.getBytes(UTF_8);

    Optional<Map<LwM2mPath, TypedValue>> plain =
        PlainSenml.read(ContentFormat.SENML_JSON, payload, MODEL);

    plain.ifPresent(
        values -> assertThat(values).isEqualTo(leshan(ContentFormat.SENML_JSON, payload)));
    if (!json.contains("4/\"")) {
      assertThat(plain).isPresent();
    }
  }

  @Test
  void plain_cbor_is_read_as_leshan_reads_it() {
    // [{-2: "/3/0/", 0: "9", 2: 42}]
    byte[] payload = HexFormat.of().parseHex("81a32165" + "2f332f302f" + "006139" + "02182a");

    assertThat(PlainSenml.read(ContentFormat.SENML_CBOR, payload, MODEL))
        .contains(leshan(ContentFormat.SENML_CBOR, payload));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"n\":\"/3/0/9\",\"v\":42,\"t\":1700000000}]",
        "[{\"bt\":1700000000,\"n\":\"/3/0/9\",\"v\":42}]",
        "[{\"n\":\"/3/0/6/0\",\"v\":1}]",
        "[{\"n\":\"/3/0/9\",\"v\":1},{\"n\":\"/3/0/9\",\"v\":2}]",
        "[{\"n\":\"/3/0/9\",\"vs\":\"much\"}]",
        "[{\"n\":\"/3/0\",\"v\":1}]",
        "[{\"n\":\"/9999/0/1\",\"v\":1}]",
        "[{\"v\":1}]",
        "{}",
        "",
        "["
      })
  void what_is_not_plain_is_left_to_leshan(String json) {
    assertThat(PlainSenml.read(ContentFormat.SENML_JSON, json.getBytes(UTF_8), MODEL)).isEmpty();
  }

  @Test
  void other_formats_are_left_to_leshan() {
    assertThat(PlainSenml.read(ContentFormat.TLV, new byte[] {1}, MODEL)).isEmpty();
  }

  /** Whatever comes, it is either left to Leshan or the same. */
  @Test
  void broken_payloads_are_never_read_in_another_way() {
    Random random = new Random(20261127);
    List<byte[]> good =
        List.of(
            "[{\"bn\":\"/3/0/\",\"n\":\"0\",\"vs\":\"Acme\"},{\"n\":\"9\",\"v\":42}]"
                .getBytes(UTF_8),
            HexFormat.of().parseHex("81a32165" + "2f332f302f" + "006139" + "02182a"));
    List<String> differences = new ArrayList<>();
    int read = 0;
    for (int i = 0; i < 6_000; i++) {
      boolean json = i % 2 == 0;
      byte[] payload = good.get(json ? 0 : 1).clone();
      payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
      ContentFormat format = json ? ContentFormat.SENML_JSON : ContentFormat.SENML_CBOR;
      Optional<Map<LwM2mPath, TypedValue>> plain = PlainSenml.read(format, payload, MODEL);
      if (plain.isPresent()) {
        read++;
        Map<LwM2mPath, TypedValue> whole = leshan(format, payload);
        if (!plain.get().equals(whole)) {
          differences.add(HexFormat.of().formatHex(payload) + plain.get() + whole);
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(read).isGreaterThan(50);
  }

  private static Map<LwM2mPath, TypedValue> leshan(ContentFormat format, byte[] payload) {
    Map<LwM2mPath, TypedValue> values = new TreeMap<>();
    try {
      LESHAN
          .decodeTimestampedNodes(payload, format, null, MODEL)
          .getNodes()
          .forEach(
              (path, node) ->
                  values.putAll(LeshanNodes.values(LeshanNodes.fromLeshan(path), node)));
      return values;
    } catch (CodecException | IllegalArgumentException refused) {
      return Map.of();
    }
  }
}
