package org.firstlight.fleet.device;

import java.time.Instant;

/**
 * That a device was told to come later, and why.
 *
 * @param reason for people, as "waiting for its owner"
 * @param since when it was first told so: the longer ago, the later it shall come again
 */
public record Waiting(String reason, Instant since) {}
