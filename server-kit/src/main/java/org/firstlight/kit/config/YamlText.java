package org.firstlight.kit.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * The plain subset of YAML that a configuration needs: one document of keys, lists and values, with
 * the line of each key. Aliases, anchors and tags are refused, and with them their bombs.
 */
final class YamlText {
  static final YAMLMapper MAPPER = mapper();
  private static final int MAX_DEPTH = 10;

  private final ObjectNode tree;
  private final Map<String, Integer> lines;

  private YamlText(ObjectNode tree, Map<String, Integer> lines) {
    this.tree = tree;
    this.lines = lines;
  }

  private static YAMLMapper mapper() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(ConfigFile.MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    YAMLFactory factory =
        YAMLFactory.builder()
            .loaderOptions(options)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    return new YAMLMapper(factory);
  }

  static YamlText read(String name, String text) throws ConfigException {
    Map<String, Integer> lines = new HashMap<>();
    try {
      walk(name, text, lines);
      JsonNode root = MAPPER.readTree(text);
      if (root == null || root.isMissingNode() || root.isNull()) {
        return new YamlText(MAPPER.createObjectNode(), lines);
      }
      if (!(root instanceof ObjectNode object)) {
        throw new ConfigException(name, 1, "", "must begin with a key");
      }
      return new YamlText(object, lines);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new ConfigException(name, line, "", reason(e));
    } catch (IOException e) {
      throw new ConfigException(name, 1, "", "is not readable YAML");
    } catch (RuntimeException | StackOverflowError e) {
      // what the YAML library throws past its own exceptions on hostile text
      throw new ConfigException(name, 1, "", "is not readable YAML");
    }
  }

  ObjectNode tree() {
    return tree;
  }

  /** Line of the key, or of the nearest key above it that the file has. */
  int lineOf(String keyPath) {
    String path = keyPath;
    while (!path.isEmpty()) {
      Integer line = lines.get(path);
      if (line != null) {
        return line;
      }
      int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
      path = cut < 0 ? "" : path.substring(0, cut);
    }
    return 1;
  }

  private static void walk(String name, String text, Map<String, Integer> lines)
      throws IOException, ConfigException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      int open = 0;
      boolean ended = false;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        int line = parser.currentTokenLocation().getLineNr();
        String path = parser.getParsingContext().pathAsPointer().toString();
        String keyPath =
            path.replaceFirst("^/", "").replaceAll("/([0-9]+)", "[$1]").replace('/', '.');
        if (ended) {
          throw new ConfigException(name, line, "", "must hold one document only");
        }
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
          throw new ConfigException(name, line, keyPath, "anchors and aliases are not allowed");
        }
        if (parser.getTypeId() != null) {
          throw new ConfigException(name, line, keyPath, "tags are not allowed");
        }
        lines.putIfAbsent(keyPath, line);
        open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        ended = open == 0;
      }
    }
  }

  private static String reason(JsonProcessingException e) {
    String first = e.getOriginalMessage().lines().findFirst().orElse("is not readable YAML");
    return first.startsWith("Duplicate field")
        ? first.replace("Duplicate field", "duplicate key")
        : "is not readable YAML: " + first;
  }
}
