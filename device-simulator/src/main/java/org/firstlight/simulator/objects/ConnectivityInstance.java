package org.firstlight.simulator.objects;

import java.util.Map;

/** /4: what a radio would report; the radio itself is simulated. */
final class ConnectivityInstance extends StoredInstance {
  private static final int SIGNAL_STRENGTH = 2;
  private static final int LINK_QUALITY = 3;
  private static final long NB_IOT = 7;

  ConnectivityInstance() {
    super(0);
  }

  void equip() {
    set(0, NB_IOT);
    setAll(1, Map.of(0, NB_IOT));
    set(SIGNAL_STRENGTH, -87L);
    set(LINK_QUALITY, 40L);
    setAll(4, Map.of(0, "127.0.0.1"));
    set(8, 1_234L);
    set(9, 1L);
    set(10, 1L);
  }

  void tick(long count) {
    set(SIGNAL_STRENGTH, -87 + (count * 7) % 11 - 5);
    set(LINK_QUALITY, 40 + (count * 3) % 7);
  }
}
