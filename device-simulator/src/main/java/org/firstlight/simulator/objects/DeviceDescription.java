package org.firstlight.simulator.objects;

import org.firstlight.fleet.device.Eid;

/** What /3 and /505 say of a device. */
public record DeviceDescription(String manufacturer, String model, String serialNumber, Eid eid) {}
