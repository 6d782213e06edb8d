/**
 * Which library does the arithmetic of handshakes and signatures. It is chosen once, before the
 * first key is read, and all that comes after uses it through the JDK's own interfaces.
 */
@NullMarked
package org.firstlight.kit.crypto;

import org.jspecify.annotations.NullMarked;
