/**
 * What a sealed package holds in clear: a 3GPP subscription and its ASN.1 form. Only the operator's
 * process writes it and only the eUICC's process reads it; nothing else may use this package.
 */
@NullMarked
package org.firstlight.simulator.subscription;

import org.jspecify.annotations.NullMarked;
