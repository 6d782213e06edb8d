package org.firstlight.kit.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/**
 * JSON of the API: strict when it reads (an unknown, doubled or missing name and a value of another
 * type are refused, and the reason names the place and never shows the value), and without empty
 * fields when it writes. In a record that is read, {@code Optional} marks what may be absent.
 */
public final class Json {
  private static final JsonMapper MAPPER = mapper();

  private Json() {}

  /** The one mapper, for the server's own reading and writing. */
  static JsonMapper shared() {
    return MAPPER;
  }

  public static <T> Outcome<T> read(byte[] json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      return value == null ? refused("it is null") : Outcome.done(value);
    } catch (IOException e) {
      return refused(reason(e));
    }
  }

  public static <T> Outcome<T> read(String json, Class<T> type) {
    return read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  /** As it would be written, to be looked at field by field. */
  public static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own answer is not writable as JSON", e);
    }
  }

  private static <T> Outcome<T> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }

  /** What is wrong and where; Jackson's own messages would repeat the value. */
  private static String reason(IOException e) {
    if (!(e instanceof JsonMappingException mapping)) {
      return e instanceof JsonProcessingException syntax ? syntax(syntax) : "it cannot be read";
    }
    String place = place(mapping);
    if (mapping instanceof UnrecognizedPropertyException) {
      return place + "is not known here";
    }
    if (mapping instanceof ValueInstantiationException
        && mapping.getCause() instanceof IllegalArgumentException own) {
      return place + own.getMessage();
    }
    if (mapping instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return place
          + "is none of "
          + Arrays.stream(format.getTargetType().getEnumConstants())
              .map(Object::toString)
              .collect(Collectors.joining(", "));
    }
    if (mapping instanceof MismatchedInputException mismatch) {
      return place + expected(mismatch);
    }
    return mapping.getCause() instanceof JsonProcessingException syntax
        ? syntax(syntax)
        : place + "cannot be read";
  }

  private static String expected(MismatchedInputException mismatch) {
    if (String.valueOf(mismatch.getOriginalMessage()).startsWith("Null value for creator")) {
      return "is missing";
    }
    Class<?> type = mismatch.getTargetType();
    if (type == null) {
      return "is not of the right type";
    } else if (type == String.class) {
      return "is not a text";
    } else if (type == Boolean.class || type == boolean.class) {
      return "is not true or false";
    } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "is not a whole number in range";
    } else if (Iterable.class.isAssignableFrom(type)) {
      return "is not a list";
    } else if (type.isRecord() || Map.class.isAssignableFrom(type)) {
      return "is not an object";
    }
    return "is not of the right type";
  }

  private static String syntax(JsonProcessingException e) {
    return "it is not JSON"
        + Optional.ofNullable(e.getLocation())
            .map(Json::where)
            .map(where -> ", at " + where)
            .orElse("");
  }

  private static String where(JsonLocation location) {
    return "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String place(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() != null
                        ? "." + step.getFieldName()
                        : "[" + step.getIndex() + "]")
            .collect(Collectors.joining());
    if (path.isEmpty()) {
      return "it ";
    }
    return printable(path.startsWith(".") ? path.substring(1) : path) + ": ";
  }

  /** Names come from the sender too. */
  private static String printable(String path) {
    String clean = path.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() > 120 ? clean.substring(0, 120) + "…" : clean;
  }

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .withCoercionConfig(
                LogicalType.Textual,
                text ->
                    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(32)
                .maxStringLength(1_000_000)
                .maxNameLength(1_000)
                .maxNumberLength(100)
                .build());
    return mapper;
  }
}
