package org.firstlight.reference;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.jspecify.annotations.Nullable;

/**
 * Every key that a configuration file may hold: types from the records, defaults from a file that
 * says nothing, meanings from the records' own {@code @param} lines.
 */
final class ConfigurationKeys {
  private static final String NEEDED = "needed";
  private static final String NONE = "–";

  private final List<List<String>> rows = new ArrayList<>();

  private ConfigurationKeys() {}

  static List<List<String>> rows() {
    ConfigurationKeys keys = new ConfigurationKeys();
    keys.add("", FirstlightConfig.class, saidNothing());
    return keys.rows;
  }

  private static FirstlightConfig saidNothing() {
    try {
      return ConfigFile.parse("dataDirectory: unsaid", Path.of("").toAbsolutePath());
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private void add(String above, Class<?> section, @Nullable Object defaults) {
    for (RecordComponent component : section.getRecordComponents()) {
      String key = above + component.getName();
      Object value = defaults == null ? null : value(component, defaults);
      Class<?> type = bare(component.getGenericType());
      if (type.isRecord()) {
        add(key + ".", type, type.isInstance(value) ? value : null);
      } else {
        rows.add(
            List.of(
                Markdown.code(key),
                words(component),
                shown(key, component, value),
                meaning(section, component.getName(), key)));
      }
    }
  }

  private static Object value(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> bare(Type type) {
    if (type instanceof ParameterizedType generic) {
      return (Class<?>)
          (generic.getRawType() == Optional.class
              ? generic.getActualTypeArguments()[0]
              : generic.getRawType());
    }
    return (Class<?>) type;
  }

  private static String words(RecordComponent component) {
    if (component.getGenericType() instanceof ParameterizedType generic
        && generic.getRawType() == List.class) {
      return "list of " + word((Class<?>) generic.getActualTypeArguments()[0]) + "s";
    }
    return word(bare(component.getGenericType()));
  }

  private static String word(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(one -> Markdown.code(one.toString().toLowerCase(Locale.ROOT)))
          .collect(Collectors.joining(" or "));
    }
    if (type == int.class || type == OptionalInt.class) {
      return "number";
    }
    if (type == boolean.class) {
      return "`true` or `false`";
    }
    if (type == Path.class) {
      return "path";
    }
    if (type == URI.class) {
      return "URI";
    }
    if (type == String.class) {
      return "text";
    }
    throw new AssertionError("no word for a key of type " + type);
  }

  private static String shown(String key, RecordComponent component, @Nullable Object value) {
    if (key.equals("dataDirectory")) {
      return NEEDED;
    }
    if (value == null) {
      // a key of a section that is absent: needed as soon as the section is there
      return component.getType() == Optional.class ? NONE : NEEDED + " in its section";
    }
    if (value instanceof OptionalInt number) {
      return number.isPresent() ? Markdown.code(Integer.toString(number.getAsInt())) : NONE;
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(there -> Markdown.code(there.toString())).orElse(NONE);
    }
    return Markdown.code(value.toString().toLowerCase(Locale.ROOT));
  }

  private static String meaning(Class<?> section, String name, String key) {
    Class<?> file = section.getNestHost();
    String prefix = "{@code %s}: ".formatted(key);
    String line =
        Javadoc.param(Repository.sourceOf("server-kit", file), section.getSimpleName(), name);
    if (!line.startsWith(prefix)) {
      throw new AssertionError(
          "%s: the @param of %s begins with its key, as %s".formatted(section, name, prefix));
    }
    return Javadoc.markdown(line.substring(prefix.length()));
  }

  /** What records say of their components, read from the source. */
  private static final class Javadoc {
    private Javadoc() {}

    static String param(String source, String record, String name) {
      Matcher comment =
          Pattern.compile(
                  "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:public )?record " + record + "\\(",
                  Pattern.DOTALL)
              .matcher(source);
      if (!comment.find()) {
        throw new AssertionError("record %s has no Javadoc".formatted(record));
      }
      String flat = comment.group(1).replaceAll("\\s*\\n\\s*\\* ?", " ").strip();
      for (String line : flat.split("@param ")) {
        if (line.startsWith(name + " ")) {
          return line.substring(name.length()).strip();
        }
      }
      throw new AssertionError("record %s says nothing of %s".formatted(record, name));
    }

    static String markdown(String javadoc) {
      return javadoc.replaceAll("\\{@code\\s+([^}]*?)\\s*}", "`$1`").replaceAll("\\s+", " ");
    }
  }
}
