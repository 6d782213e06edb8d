package org.firstlight.objects.value;

import java.time.Instant;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.CoreLinks;
import org.firstlight.objects.value.TypedValue.Flag;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Moment;
import org.firstlight.objects.value.TypedValue.ObjectLink;
import org.firstlight.objects.value.TypedValue.Real;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;

/** Any value, for property tests. */
public final class TypedValues {
  private static final long YEAR_10000 = 253_402_300_800L;

  private TypedValues() {}

  public static Arbitrary<TypedValue> singles() {
    return types().flatMap(TypedValues::ofType);
  }

  public static Arbitrary<Many> many() {
    return types()
        .flatMap(type -> Arbitraries.maps(ids(), ofType(type)).ofMaxSize(5))
        .map(Many::new);
  }

  private static Arbitrary<ValueType> types() {
    return Arbitraries.of(ValueType.class).filter(type -> type != ValueType.NONE);
  }

  private static Arbitrary<TypedValue> ofType(ValueType type) {
    return switch (type) {
      case STRING -> Arbitraries.strings().map(Text::new);
      case INTEGER -> Arbitraries.longs().map(Whole::new);
      case UNSIGNED_INTEGER -> Arbitraries.longs().map(Unsigned::new);
      case FLOAT -> Arbitraries.doubles().map(Real::new);
      case BOOLEAN -> Arbitraries.of(true, false).map(Flag::new);
      case TIME ->
          Arbitraries.longs()
              .between(-YEAR_10000, YEAR_10000)
              .map(seconds -> new Moment(Instant.ofEpochSecond(seconds)));
      case OPAQUE -> Arbitraries.bytes().array(byte[].class).map(Bytes::new);
      case OBJLNK -> links();
      case CORELNK ->
          Arbitraries.maps(ids(), Arbitraries.of("", ";rt=\"a\"", ";title=\"b c\""))
              .ofMinSize(1)
              .ofMaxSize(3)
              .map(TypedValues::coreLinks);
      case NONE -> throw new IllegalArgumentException("no value of no type");
    };
  }

  private static Arbitrary<TypedValue> links() {
    Arbitrary<Integer> below = Arbitraries.integers().between(0, LwM2mPath.MAX_ID - 1);
    return Arbitraries.oneOf(
        Combinators.combine(below, below).as(ObjectLink::new),
        Arbitraries.just(ObjectLink.NOWHERE));
  }

  private static TypedValue coreLinks(Map<Integer, String> links) {
    return new CoreLinks(
        String.join(
            ",",
            links.entrySet().stream()
                .map(link -> "</%d>%s".formatted(link.getKey(), link.getValue()))
                .toList()));
  }

  private static Arbitrary<Integer> ids() {
    return Arbitraries.integers().between(0, LwM2mPath.MAX_ID);
  }
}
