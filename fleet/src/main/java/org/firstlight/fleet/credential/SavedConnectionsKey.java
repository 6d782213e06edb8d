package org.firstlight.fleet.credential;

import java.time.Instant;

/**
 * What opens the file with a server's DTLS connections from its last clean stop. Whoever takes them
 * deletes this first: they may be restored once.
 *
 * @param key of the file
 * @param sha256 hex, of the file as it is on the disk
 * @param nanoTime of the process that saved them, at that moment
 * @param count how many connections
 */
public record SavedConnectionsKey(
    EncryptedSecret key, String sha256, Instant savedAt, long nanoTime, int count) {}
