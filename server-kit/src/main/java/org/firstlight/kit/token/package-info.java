/**
 * A key that never leaves its token (PKCS#11). The library of a token's maker runs in a process of
 * its own, by the JDK's SunPKCS11: one that hangs, crashes or has lost its token is ended and begun
 * anew, and the platform goes on. Comes after the configuration; the PKI issues with it.
 */
@NullMarked
package org.firstlight.kit.token;

import org.jspecify.annotations.NullMarked;
