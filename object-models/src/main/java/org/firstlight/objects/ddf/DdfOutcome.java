package org.firstlight.objects.ddf;

import java.util.List;
import org.firstlight.objects.definition.ObjectDefinition;

/** What became of a DDF. */
public sealed interface DdfOutcome {

  /** Its Objects, at least one, in the order of the file. */
  record DdfLoaded(List<ObjectDefinition> definitions) implements DdfOutcome {
    public DdfLoaded {
      definitions = List.copyOf(definitions);
    }
  }

  /**
   * @param reason one sentence for the one who gave the file, with the line where there is one
   */
  record DdfRefused(String reason) implements DdfOutcome {}
}
