package org.firstlight.objects.ddf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.firstlight.objects.ddf.DdfOutcome.DdfLoaded;
import org.firstlight.objects.ddf.DdfOutcome.DdfRefused;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.definition.Operations;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.value.TypedValue.Whole;
import org.firstlight.objects.value.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DdfReaderTest {
  private static final String ITEM =
      """
      <Item ID="0">
        <Name>Level</Name>
        <Operations>RW</Operations>
        <MultipleInstances>Single</MultipleInstances>
        <Mandatory>Mandatory</Mandatory>
        <Type>Integer</Type>
        <RangeEnumeration>0..9</RangeEnumeration>
        <Units>%</Units>
        <Description><![CDATA[How full it is]]></Description>
      </Item>
      """;
  private static final String OBJECT =
      """
      <Object ObjectType="MODefinition">
        <Name>Tank</Name>
        <Description1>A tank</Description1>
        <ObjectID>33000</ObjectID>
        <ObjectURN>urn:oma:lwm2m:x:33000:1.1</ObjectURN>
        <LWM2MVersion>1.1</LWM2MVersion>
        <ObjectVersion>1.1</ObjectVersion>
        <MultipleInstances>Multiple</MultipleInstances>
        <Mandatory>Optional</Mandatory>
        <Resources>
      %s</Resources>
        <Description2/>
      </Object>
      """
          .formatted(ITEM);
  private static final String FILE =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- a comment -->
      <LWM2M xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:noNamespaceSchemaLocation="http://openmobilealliance.org/tech/profiles/LWM2M-v1_1.xsd">
      %s</LWM2M>
      """
          .formatted(OBJECT);

  private final DdfReader reader = new DdfReader();

  @Test
  void definition_is_read_with_all_its_fields() {
    ObjectDefinition tank = loaded(FILE);
    assertThat(tank.id()).isEqualTo(33_000);
    assertThat(tank.version()).isEqualTo(new ObjectVersion(1, 1));
    assertThat(tank.name()).isEqualTo("Tank");
    assertThat(tank.description()).isEqualTo("A tank");
    assertThat(tank.lwm2mVersion()).isEqualTo("1.1");
    assertThat(tank.multiple()).isTrue();
    assertThat(tank.mandatory()).isFalse();
    ResourceDefinition level = tank.resource(0).orElseThrow();
    assertThat(level.name()).isEqualTo("Level");
    assertThat(level.operations()).isEqualTo(Operations.READ_WRITE);
    assertThat(level.multiple()).isFalse();
    assertThat(level.mandatory()).isTrue();
    assertThat(level.type()).isEqualTo(ValueType.INTEGER);
    assertThat(level.range().fault(new Whole(10))).isPresent();
    assertThat(level.units()).isEqualTo("%");
    assertThat(level.description()).isEqualTo("How full it is");
  }

  @Test
  void definition_of_the_1_0_schema_has_version_1_0() {
    String old =
        FILE.replaceAll("<(LWM2M|Object)Version>1.1</(LWM2M|Object)Version>", "")
            .replace("33000:1.1", "33000");
    assertThat(loaded(old).version()).isEqualTo(ObjectVersion.DEFAULT);
    assertThat(loaded(old).lwm2mVersion()).isEqualTo("1.0");
  }

  @Test
  void several_objects_in_one_file_are_read() {
    String other = OBJECT.replace("33000", "33001");
    assertThat(reader.read(bytes(FILE.replace(OBJECT, OBJECT + other))))
        .isInstanceOfSatisfying(DdfLoaded.class, file -> assertThat(file.definitions()).hasSize(2));
  }

  @ParameterizedTest
  @CsvSource({"UTF-16", "ISO-8859-1", "US-ASCII"})
  void declared_encoding_is_obeyed(String encoding) {
    String text = FILE.replace("UTF-8", encoding);
    assertThat(reader.read(text.getBytes(Charset.forName(encoding)))).isInstanceOf(DdfLoaded.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<Object ObjectType       | <Thing ObjectType       | <Thing> stands where <Object> should",
        "<Name>Tank</Name>        | ``                      | <Name> is missing",
        "<Name>Tank</Name>        | <Name/>                 | <Name> is empty",
        "<Name>Tank</Name>        | <Name>a<b/></Name>      | <b> stands inside <Name>",
        "<Units>%</Units>         | <Units/><Units/>        | <Units> is there twice",
        "<Units>%</Units>         | <Unit>%</Unit>          | <Unit> is not known here",
        "<Units>%</Units>         | 42                      | text stands between the elements",
        "<ObjectID>33000          | <ObjectID>65536         | ObjectID is not a number of 0..65535",
        "<ObjectID>33000          | <ObjectID>-1            | ObjectID is not a number of 0..65535",
        "<ObjectID>33000          | <ObjectID>0x1           | ObjectID is not a number of 0..65535",
        "<ObjectID>33000          | <ObjectID>33001         | <ObjectURN> does not name Object 33001",
        "ObjectVersion>1.1        | ObjectVersion>1.2       | <ObjectURN> does not name Object 33000",
        "ObjectVersion>1.1        | ObjectVersion>new       | <ObjectVersion> is not a version as 1.0",
        "Item ID=\"0\"            | Item ID=\"70000\"       | Item ID is not a number of 0..65535",
        "Item ID=\"0\"            | Item ID=\"\"            | Item ID is not a number of 0..65535",
        "Item ID=\"0\"            | Item                    | Item ID is not a number of 0..65535",
        "<Operations>RW           | <Operations>RWX         | <Operations> is not R, W, RW, E or empty",
        "<Type>Integer            | <Type>Decimal           | <Type> is not a data type of LwM2M",
        "<MultipleInstances>Single | <MultipleInstances>One | <MultipleInstances> is neither Multiple nor Single",
        "<Mandatory>Optional      | <Mandatory>Perhaps      | <Mandatory> is neither Mandatory nor Optional",
      })
  void broken_definition_is_refused_with_line_and_reason(
      String part, String broken, String reason) {
    assertThat(FILE).contains(part);
    String file = FILE.replace(part, broken);
    assertThat(refusal(file)).matches("line \\d+: .*").contains(reason);
  }

  @Test
  void what_is_there_twice_is_refused() {
    assertThat(refusal(FILE.replace(ITEM, ITEM + ITEM))).contains("Resource 0 is there twice");
    assertThat(refusal(FILE.replace(OBJECT, OBJECT + OBJECT)))
        .contains("Object 33000 1.1 is there twice");
  }

  @Test
  void what_is_empty_is_refused() {
    assertThat(refusal(FILE.replace(ITEM, ""))).contains("an Object without Resources");
    assertThat(refusal(FILE.replace(OBJECT, ""))).contains("no <Object> in it");
    assertThat(refusal("")).contains("not well-formed XML");
  }

  @Test
  void file_that_is_not_xml_is_refused() {
    assertThat(refusal("{\"id\": 1}")).contains("line 1", "not well-formed XML");
    assertThat(refusal(reader.read(new byte[] {0, 1, 2, (byte) 0xff})))
        .contains("not well-formed XML");
    assertThat(refusal("<html><body/></html>")).contains("the root element is not <LWM2M>");
  }

  @Test
  void text_after_the_root_is_refused() {
    assertThat(refusal(FILE + "<more/>")).contains("not well-formed XML");
  }

  @Test
  void wrong_encoding_is_refused() {
    byte[] latin = FILE.replace("A tank", "Ein Gefäß").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refusal(reader.read(latin))).contains("UTF-8");
    assertThat(refusal(FILE.replace("UTF-8", "UTF-16"))).contains("not well-formed XML");
    assertThat(refusal(FILE.replace("UTF-8", "klingon"))).contains("not well-formed XML");
  }

  @Test
  void billion_laughs_are_refused_at_once() {
    String entities =
        IntStream.rangeClosed(1, 30)
            .mapToObj(i -> "<!ENTITY a%d \"%s\">".formatted(i, ("&a" + (i - 1) + ";").repeat(10)))
            .collect(Collectors.joining("\n", "<!ENTITY a0 \"ha\">", ""));
    String file =
        "<!DOCTYPE LWM2M [%s]>\n<LWM2M><Object><Name>&a30;</Name></Object></LWM2M>"
            .formatted(entities);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(refusal(file)).contains("a DOCTYPE or an entity is not taken"));
  }

  @Test
  void external_entity_and_external_dtd_are_refused_and_not_fetched(@TempDir Path folder)
      throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "top secret");
    String entity =
        "<!DOCTYPE LWM2M [<!ENTITY x SYSTEM \"%s\">]><LWM2M><Object><Name>&x;</Name></Object></LWM2M>"
            .formatted(secret.toUri());
    String dtd = "<!DOCTYPE LWM2M SYSTEM \"%s\"><LWM2M/>".formatted(secret.toUri());
    String parameter =
        "<!DOCTYPE LWM2M [<!ENTITY %% p SYSTEM \"%s\"> %%p;]><LWM2M/>".formatted(secret.toUri());
    for (String file : new String[] {entity, dtd, parameter}) {
      assertThat(refusal(file))
          .contains("a DOCTYPE or an entity is not taken")
          .doesNotContain("top secret");
    }
  }

  @Test
  void xinclude_is_no_element_of_a_definition() {
    String include =
        "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/hostname\"/>";
    assertThat(refusal(FILE.replace(ITEM, include))).contains("<include> is no element of a DDF");
    assertThat(refusal(FILE.replace("A tank", include))).contains("<include> stands inside");
  }

  @Test
  void unknown_entity_is_refused() {
    assertThat(refusal(FILE.replace("A tank", "&tank;"))).contains("line ");
  }

  @Test
  void file_of_100_megabytes_is_refused_after_the_limit() {
    long size = 100L << 20;
    Endless stream = new Endless(size);
    assertThat(refusal(reader.read(stream))).contains("more than 1048576 bytes");
    assertThat(stream.read).isLessThan(2L << 20);
  }

  @Test
  void deep_nesting_is_refused_at_the_first_unknown_element() {
    int depth = 100_000;
    assertThat(refusal("<a>".repeat(depth) + "</a>".repeat(depth))).contains("line 1");
    assertThat(refusal("<LWM2M>".repeat(depth))).contains("<LWM2M> stands where <Object> should");
    assertThat(refusal(FILE.replace("A tank", "<a>".repeat(depth)))).contains("<a> stands inside");
  }

  @Test
  void more_than_the_limits_allow_is_refused() {
    DdfReader strict = new DdfReader(new DdfLimits(5_000, 1, 1, 30));
    assertThat(strict.read(bytes(FILE))).isInstanceOf(DdfLoaded.class);
    String twoObjects = FILE.replace(OBJECT, OBJECT + OBJECT.replace("33000", "33001"));
    assertThat(refusal(strict.read(bytes(twoObjects)))).contains("more than 1 Objects");
    String twoItems = FILE.replace(ITEM, ITEM + ITEM.replace("ID=\"0\"", "ID=\"1\""));
    assertThat(refusal(strict.read(bytes(twoItems)))).contains("more than 1 Resources");
    String longText = FILE.replace("A tank", "A tank that is rather far long");
    assertThat(strict.read(bytes(longText))).isInstanceOf(DdfLoaded.class);
    assertThat(refusal(strict.read(bytes(longText.replace("long", "longer")))))
        .contains("<Description1> has more than 30 characters");
  }

  @Test
  void stream_that_breaks_is_refused() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        };
    assertThat(refusal(reader.read(broken))).isEqualTo("the file cannot be read");
  }

  @Property(tries = 300)
  void truncated_file_is_refused(@ForAll @IntRange(max = 1_200) int length) {
    byte[] whole = bytes(FILE.strip());
    byte[] part = Arrays.copyOf(whole, Math.min(length, whole.length - 1));
    assertThat(refusal(reader.read(part))).contains("not well-formed XML");
  }

  @Property(tries = 1_000)
  void damaged_file_is_loaded_or_refused_and_nothing_else(
      @ForAll @IntRange(max = 1_200) int position, @ForAll byte damage) {
    byte[] file = bytes(FILE);
    file[position % file.length] = damage;
    assertThat(reader.read(file)).isNotNull();
  }

  private ObjectDefinition loaded(String file) {
    DdfOutcome outcome = reader.read(bytes(file));
    assertThat(outcome).isInstanceOf(DdfLoaded.class);
    return ((DdfLoaded) outcome).definitions().get(0);
  }

  private String refusal(String file) {
    return refusal(reader.read(bytes(file)));
  }

  private static String refusal(DdfOutcome outcome) {
    assertThat(outcome).isInstanceOf(DdfRefused.class);
    return ((DdfRefused) outcome).reason();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Blanks without end, counted. */
  private static final class Endless extends InputStream {
    private final long size;
    private long read;

    Endless(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      return read++ < size ? ' ' : -1;
    }
  }
}
