/**
 * Who a device is: its factory certificate's chain ends at an issuing CA of exactly one active
 * manufacturer, whose one rule yields its id. Comes with the DTLS handshake and is judged again at
 * each Bootstrap-Request, so that a suspended manufacturer or a denied key counts at once;
 * admission comes after.
 */
@NullMarked
package org.firstlight.bootstrap.trust;

import org.jspecify.annotations.NullMarked;
