package org.firstlight.objects.onboarding;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.definition.Operations;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.definition.ValueRange;
import org.firstlight.objects.value.ValueType;

/**
 * The Objects 10, 11, 13, 19, 27, 504, 505, 3443 and 10479, from the tables beside this class: one
 * line for the Object, one for each Resource, columns between bars, named in the comment lines.
 * IDs, names, types, operations and ranges are OMA's; the descriptions are ours.
 */
public final class OnboardingObjects {
  /** /505/x/26241, private range: the receipt of the eUICC for a sealed subscription. */
  public static final int INSTALLATION_RECEIPT = 26241;

  private static final int[] IDS = {10, 11, 13, 19, 27, 504, 505, 3443, 10479};
  private static final int COLUMNS = 9;

  private OnboardingObjects() {}

  public static List<ObjectDefinition> definitions() {
    return IntStream.of(IDS).mapToObj(OnboardingObjects::read).toList();
  }

  private static ObjectDefinition read(int id) {
    String table = id + ".txt";
    try (InputStream stream = OnboardingObjects.class.getResourceAsStream(table);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return object(
          reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList());
    } catch (IOException | RuntimeException broken) {
      throw new IllegalStateException("the table %s cannot be read".formatted(table), broken);
    }
  }

  private static ObjectDefinition object(List<String> lines) {
    String[] columns = columns(lines.get(0));
    Map<Integer, ResourceDefinition> resources =
        lines.stream()
            .skip(1)
            .map(OnboardingObjects::resource)
            .collect(Collectors.toMap(ResourceDefinition::id, Function.identity()));
    return new ObjectDefinition(
        Integer.parseInt(columns[1]),
        ObjectVersion.parse(columns[3]).orElseThrow(),
        columns[2],
        columns[8],
        columns[7],
        columns[4],
        oneOf(columns[5], "multiple", "single"),
        oneOf(columns[6], "mandatory", "optional"),
        resources);
  }

  private static ResourceDefinition resource(String line) {
    String[] columns = columns(line);
    ValueType type = ValueType.ofDdfName(columns[5]).orElseThrow();
    return new ResourceDefinition(
        Integer.parseInt(columns[0]),
        columns[1],
        Operations.ofDdfName(columns[2]).orElseThrow(),
        oneOf(columns[3], "multiple", "single"),
        oneOf(columns[4], "mandatory", "optional"),
        type,
        ValueRange.of(type, columns[6]),
        columns[7],
        columns[8]);
  }

  private static String[] columns(String line) {
    String[] columns = line.strip().split("\\s*\\|\\s*", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalStateException("not %d columns: %s".formatted(COLUMNS, line));
    }
    return columns;
  }

  private static boolean oneOf(String word, String yes, String no) {
    if (!word.equals(yes) && !word.equals(no)) {
      throw new IllegalStateException("neither %s nor %s: %s".formatted(yes, no, word));
    }
    return word.equals(yes);
  }
}
