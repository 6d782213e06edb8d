package org.firstlight.fleet.configuration;

import java.time.Instant;

/**
 * The last value of a resource that a device told.
 *
 * @param type LwM2M data type, as "STRING", "INTEGER", "OPAQUE", …
 * @param value as text (opaque in hex); masked where the path is secret
 * @param source "read", "notify", "send" or "write"
 */
public record ReportedValue(String type, String value, Instant at, String source) {}
