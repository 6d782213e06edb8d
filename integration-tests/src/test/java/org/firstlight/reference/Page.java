package org.firstlight.reference;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The fenced blocks of a page. */
record Page(String text) {
  static Page named(String name) {
    return new Page(Repository.read(Repository.page(name)));
  }

  /** What stands in the blocks of this language, in order. */
  List<String> blocks(String language) {
    return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }
}
