package org.firstlight.fleet.state;

import org.firstlight.fleet.device.EndpointName;

/** From another name to the device that had it: to be checked against the device's record. */
public record Hint(EndpointName endpointName) {}
