package org.firstlight.simulator.objects;

import java.util.Map;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.util.datatype.ULong;

/** /10, /11 and /13 as a modem has them before anyone configured it. */
final class CellularDefaults {
  private static final long NO_AUTHENTICATION = 3;

  private CellularDefaults() {}

  static void equip(StoredInstance cellular, StoredInstance apn, StoredInstance bearers) {
    cellular.set(4, 3_240L); // PSM timer, s
    cellular.set(5, 10L); // active timer, s
    cellular.setAll(11, Map.of(0, new ObjectLink(11, 0)));
    cellular.set(12, ULong.valueOf(3));
    cellular.set(13, ULong.valueOf(0));
    apn.set(0, "onboarding");
    apn.set(1, "onboarding.example");
    apn.set(2, false);
    apn.set(3, true);
    apn.set(4, NO_AUTHENTICATION);
    bearers.set(6, "");
    bearers.set(7, false);
    bearers.set(8, "00101,99999");
  }
}
