package org.firstlight.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A method call as it stands in a source file.
 *
 * @param arguments each as written
 */
record Call(String method, List<String> arguments) {
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** The calls of these methods on a field or variable of this name. */
  static List<Call> on(String receiver, String methods, String source) {
    List<Call> calls = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("\\b" + receiver + "\\s*\\.\\s*(" + methods + ")\\s*\\(").matcher(source);
    while (matcher.find()) {
      calls.add(new Call(matcher.group(1), arguments(source, matcher.end())));
    }
    return calls;
  }

  /** The text of an argument that is a literal. */
  String literal(int index) {
    Matcher whole = LITERAL.matcher(arguments.get(index));
    if (!whole.matches()) {
      throw new AssertionError(
          "%s(%s): argument %d is to be a literal, so that the reference page finds it"
              .formatted(method, String.join(", ", arguments), index + 1));
    }
    return whole.group(1);
  }

  private static List<String> arguments(String source, int from) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    int begin = from;
    for (int at = from; ; at++) {
      char c = source.charAt(at);
      if (c == '"') {
        at = source.indexOf('"', at + 1);
      } else if (c == '(' || c == '{') {
        depth++;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        arguments.add(source.substring(begin, at).strip());
        begin = at + 1;
        if (c == ')') {
          return arguments;
        }
      } else if (c == ')' || c == '}') {
        depth--;
      }
    }
  }
}
