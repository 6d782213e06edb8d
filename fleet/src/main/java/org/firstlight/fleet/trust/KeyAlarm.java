package org.firstlight.fleet.trust;

import java.time.Instant;

/**
 * That somebody with a good certificate of a device has come with another key than the one that the
 * device is known by: a key in other hands, a cloned identity, or a device that was made anew.
 *
 * @param at the last time that was written down
 * @param knownSha256 hex SHA-256 of the public key that the device is known by
 * @param shownSha256 of the one that it came with
 */
public record KeyAlarm(Instant at, String knownSha256, String shownSha256, String address) {}
