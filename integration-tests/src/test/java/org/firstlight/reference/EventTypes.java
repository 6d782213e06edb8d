package org.firstlight.reference;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.reference.Repository.Source;

/** Every type of {@link FleetEvent} that the platform's sources give out. */
final class EventTypes {
  private static final String WORD = "[a-z]+(?:-[a-z]+)*";

  /** Where an event is made, or handed to what makes it. */
  private static final Pattern MAKES_EVENTS =
      Pattern.compile("\\bFleetEvent\\b|\\bjournal\\.event\\(");

  private static final Pattern TYPE = Pattern.compile("\"(" + WORD + "\\." + WORD + ")\"");

  /** A state's name is put behind the dot. */
  private static final Pattern OF_STATE = Pattern.compile("\"(" + WORD + "\\.)\"\\s*\\+");

  /** Documents that people edit have one event each, named after the document. */
  private static final Pattern SHELF =
      Pattern.compile("new Shelf\\.Ways<>\\(\\s*Kinds\\.\\w+,\\s*\"(" + WORD + ")\"");

  /** Loggers, metrics and scripts have names of the same form. */
  private static final Pattern NO_EVENT = Pattern.compile("(event|firstlight)\\..*|.*\\.lua");

  private EventTypes() {}

  static List<List<String>> rows() {
    Set<String> types = new TreeSet<>();
    Repository.platformSources().forEach(source -> read(source, types));
    Meanings meanings = new Meanings("events.properties");
    meanings.areOf(types);
    return types.stream().map(type -> List.of(Markdown.code(type), meanings.of(type))).toList();
  }

  private static void read(Source source, Set<String> types) {
    if (MAKES_EVENTS.matcher(source.text()).find()) {
      each(TYPE, source).forEach(types::add);
      each(OF_STATE, source).forEach(type -> types.add(type + "<state>"));
    }
    each(SHELF, source).forEach(document -> types.add(document + ".changed"));
    types.removeIf(type -> NO_EVENT.matcher(type).matches());
  }

  private static List<String> each(Pattern pattern, Source source) {
    return pattern.matcher(source.text()).results().map(found -> found.group(1)).toList();
  }
}
