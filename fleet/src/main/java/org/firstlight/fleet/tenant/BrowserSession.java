package org.firstlight.fleet.tenant;

import java.time.Instant;

/**
 * Where a session is used; it lies in the home of its token, with the same id.
 *
 * @param address that it began at
 * @param browser what the browser calls itself, cut to a line
 * @param lastUsed to about a minute
 */
public record BrowserSession(String address, String browser, Instant lastUsed) {}
