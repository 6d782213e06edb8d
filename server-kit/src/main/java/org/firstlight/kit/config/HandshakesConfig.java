package org.firstlight.kit.config;

/**
 * How many DTLS handshakes may be under way at each server: those that began with an address that
 * its sender has (RFC 6347 §4.2.1), and have not ended.
 *
 * @param atOnce {@code handshakes.atOnce}: where so many are under way, address ranges with more
 *     than an equal share wait
 * @param atOncePerPrefix {@code handshakes.atOncePerPrefix}: of one address range; a whole fleet
 *     may come by one address of its operator
 * @param ipv4Prefix {@code handshakes.ipv4Prefix}: bits of an address range
 * @param ipv6Prefix {@code handshakes.ipv6Prefix}: bits of an address range
 */
public record HandshakesConfig(int atOnce, int atOncePerPrefix, int ipv4Prefix, int ipv6Prefix) {
  public HandshakesConfig {
    Checks.that(atOnce >= 1 && atOnce <= 1_000_000, "atOnce", "must be from 1 to 1000000");
    Checks.that(
        atOncePerPrefix >= 1 && atOncePerPrefix <= atOnce,
        "atOncePerPrefix",
        "must be from 1 to atOnce");
    Checks.that(ipv4Prefix >= 8 && ipv4Prefix <= 32, "ipv4Prefix", "must be from 8 to 32");
    Checks.that(ipv6Prefix >= 16 && ipv6Prefix <= 128, "ipv6Prefix", "must be from 16 to 128");
  }
}
