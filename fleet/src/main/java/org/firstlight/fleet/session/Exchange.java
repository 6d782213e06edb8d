package org.firstlight.fleet.session;

import java.time.Instant;

/**
 * One request and its answer, without any value.
 *
 * @param operation "Discover", "Delete", "Write", "Finish", …
 * @param path LwM2M path, "/" for all
 * @param result CoAP code as "2.04", or "timeout", "reset", "cancelled"
 * @param bytes payload size of the larger of request and answer
 * @param note why a refusal was tolerated, or what the device said; may be empty, never a value
 */
public record Exchange(
    Instant at, String operation, String path, String result, long ms, int bytes, String note) {}
