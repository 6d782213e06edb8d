package org.firstlight.reference;

import java.util.List;
import java.util.stream.Collectors;

/** Tables, as GitHub reads them. */
final class Markdown {
  private Markdown() {}

  static String code(String text) {
    return "`" + text + "`";
  }

  static String table(List<String> heads, List<List<String>> rows) {
    String rule = heads.stream().map(head -> "---").collect(Collectors.joining("|", "|", "|\n"));
    return row(heads) + rule + rows.stream().map(Markdown::row).collect(Collectors.joining());
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
