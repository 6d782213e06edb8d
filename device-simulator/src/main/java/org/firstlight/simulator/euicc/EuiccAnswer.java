package org.firstlight.simulator.euicc;

import java.util.List;
import java.util.Optional;

/**
 * What comes out of the eUICC: never more than this.
 *
 * @param outcome name of the receipt's result, or {@code status}
 * @param updateResult as /505/0/7 spells it: 1 done, 2 memory, 5 integrity, 6 package type
 * @param iccids of the profiles it holds, the enabled one first
 * @param receipt the signed receipt, CMS
 */
public record EuiccAnswer(
    String outcome, long updateResult, List<String> iccids, Optional<byte[]> receipt) {
  public EuiccAnswer {
    iccids = List.copyOf(iccids);
  }

  public boolean done() {
    return updateResult == 1;
  }
}
