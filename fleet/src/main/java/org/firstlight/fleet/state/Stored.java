package org.firstlight.fleet.state;

/**
 * A record and its version, which each change counts on by one.
 *
 * @param version 1 at first
 */
public record Stored<T>(String id, T value, long version) {}
