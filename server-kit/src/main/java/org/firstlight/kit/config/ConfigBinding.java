package org.firstlight.kit.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** How values become records, and what is said when one does not; values are never echoed. */
final class ConfigBinding {
  private ConfigBinding() {}

  static ObjectMapper of(Path directory) {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .addModule(
            new SimpleModule().addDeserializer(Path.class, new RelativePathDeserializer(directory)))
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .build();
  }

  static String reason(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "unknown key; known here: " + ConfigFile.known(unknown);
    }
    if (e instanceof ValueInstantiationException && e.getCause() instanceof Checks.Fault fault) {
      return String.valueOf(fault.getMessage());
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return expected(mismatch.getTargetType());
    }
    return e instanceof InputCoercionException || e.getCause() instanceof InputCoercionException
        ? expected(int.class)
        : "has a value that does not fit here";
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return "must be one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    if (type == int.class || type == Integer.class) {
      return "must be a whole number";
    }
    if (type == boolean.class) {
      return "must be true or false";
    }
    if (type == URI.class) {
      return "must be a URI";
    }
    if (type == Path.class) {
      return "must be a path";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "must be a list";
    }
    return type.isRecord() ? "must hold keys of its own" : "must be text";
  }

  private static final class RelativePathDeserializer extends StdScalarDeserializer<Path> {
    private final transient Path directory;

    RelativePathDeserializer(Path directory) {
      super(Path.class);
      this.directory = directory;
    }

    @Override
    public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      String text = parser.getValueAsString("");
      if (text.isBlank()) {
        return (Path) context.handleUnexpectedToken(Path.class, parser);
      }
      try {
        return directory.resolve(text).normalize();
      } catch (InvalidPathException e) {
        return (Path) context.handleWeirdStringValue(Path.class, text, "not a path");
      }
    }
  }
}
