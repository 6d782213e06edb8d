package org.firstlight.redis.device;

import java.util.ArrayList;
import java.util.List;

/**
 * Texts in one line, tab-separated, which scripts can take apart: tab, line feed, carriage return
 * and backslash within a text are escaped.
 */
final class Fields {
  static String join(List<String> fields) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        line.append('\t');
      }
      escape(fields.get(i), line);
    }
    return line.toString();
  }

  /** At least one field, which may be empty. */
  static List<String> split(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\t') {
        fields.add(field.toString());
        field.setLength(0);
      } else if (c == '\\' && i + 1 < line.length()) {
        i++;
        field.append(unescaped(line.charAt(i)));
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  static String escape(String field) {
    StringBuilder escaped = new StringBuilder();
    escape(field, escaped);
    return escaped.toString();
  }

  private static void escape(String field, StringBuilder line) {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      switch (c) {
        case '\t' -> line.append("\\t");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\\' -> line.append("\\\\");
        default -> line.append(c);
      }
    }
  }

  private static char unescaped(char c) {
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> c;
    };
  }

  private Fields() {}
}
