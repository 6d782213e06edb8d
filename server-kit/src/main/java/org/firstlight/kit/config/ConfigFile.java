package org.firstlight.kit.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file: what it leaves out has its default, what it has too much or wrong is
 * refused with file, line and key.
 */
public final class ConfigFile {
  static final int MAX_BYTES = 64 * 1024;

  private final String name;
  private final Path directory;

  private ConfigFile(String name, Path directory) {
    this.name = name;
    this.directory = directory;
  }

  /**
   * Reads and checks the file.
   *
   * @throws ConfigException {@code file:line: key.path: what is wrong}, for the operator as it is
   */
  public static FirstlightConfig read(Path file) throws ConfigException {
    Path absolute = file.toAbsolutePath().normalize();
    String text;
    try {
      if (Files.size(absolute) > MAX_BYTES) {
        throw new ConfigException("%s: is larger than %d bytes".formatted(file, MAX_BYTES));
      }
      text = Files.readString(absolute);
    } catch (CharacterCodingException e) {
      throw new ConfigException("%s: is not UTF-8 text".formatted(file));
    } catch (IOException e) {
      throw new ConfigException("%s: cannot be read".formatted(file));
    }
    Path parent = absolute.getParent();
    return new ConfigFile(file.toString(), parent == null ? absolute : parent).bind(text);
  }

  /**
   * Checks a configuration that stands in memory.
   *
   * @param directory what relative paths count from
   */
  public static FirstlightConfig parse(String yaml, Path directory) throws ConfigException {
    return new ConfigFile("configuration", directory.toAbsolutePath().normalize()).bind(yaml);
  }

  private FirstlightConfig bind(String text) throws ConfigException {
    if (text.length() > MAX_BYTES) {
      throw new ConfigException("%s: is larger than %d bytes".formatted(name, MAX_BYTES));
    }
    YamlText yaml = YamlText.read(name, text);
    ObjectNode tree = defaults();
    overlay(tree, yaml.tree());
    try {
      return ConfigBinding.of(directory).treeToValue(tree, FirstlightConfig.class);
    } catch (JsonProcessingException e) {
      String keyPath = e instanceof JsonMappingException m ? keyPath(m) : "";
      throw new ConfigException(name, yaml.lineOf(keyPath), keyPath, ConfigBinding.reason(e));
    }
  }

  private static ObjectNode defaults() {
    try (@Nullable InputStream in = ConfigFile.class.getResourceAsStream("defaults.yaml")) {
      if (in == null) {
        throw new IllegalStateException("the defaults are missing from this build");
      }
      return (ObjectNode) YamlText.MAPPER.readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("the defaults of this build do not read", e);
    }
  }

  /** A key without a value counts as left out. */
  private static void overlay(ObjectNode below, ObjectNode above) {
    for (Map.Entry<String, JsonNode> entry : above.properties()) {
      JsonNode lower = below.get(entry.getKey());
      if (lower instanceof ObjectNode section && entry.getValue() instanceof ObjectNode upper) {
        overlay(section, upper);
      } else if (!entry.getValue().isNull() || lower == null) {
        below.set(entry.getKey(), entry.getValue());
      }
    }
  }

  private static String keyPath(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
            .collect(Collectors.joining("."))
            .replace(".[", "[");
    if (e instanceof ValueInstantiationException && e.getCause() instanceof Checks.Fault fault) {
      return path.isEmpty() ? fault.key() : path + "." + fault.key();
    }
    return path;
  }

  /** The keys that may stand where an unknown one was found. */
  static String known(UnrecognizedPropertyException e) {
    return new TreeSet<>(
            e.getKnownPropertyIds().stream().map(String::valueOf).collect(Collectors.toSet()))
        .stream().collect(Collectors.joining(", "));
  }
}
