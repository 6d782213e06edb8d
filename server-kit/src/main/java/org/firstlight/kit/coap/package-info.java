/**
 * How a server's CoAP resources answer: refusals with the right code, Max-Age and reason, and
 * answers that are given later from any thread. The resources themselves are the servers'.
 */
@NullMarked
package org.firstlight.kit.coap;

import org.jspecify.annotations.NullMarked;
