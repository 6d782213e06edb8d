package org.firstlight.cli.demo;

import java.time.Clock;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;

/** The demo's factory: made once per data folder. */
final class Workshop {
  static Shipment shipment(DemoSettings settings) {
    return new Factory(settings.data(), Clock.systemUTC()).make(Order.of(settings.devices()));
  }

  private Workshop() {}
}
