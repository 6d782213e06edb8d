/**
 * Whole bootstraps over DTLS with certificates, each from its first flight to Bootstrap-Finish: our
 * Bootstrap-Server, which stores each, beside Leshan's, which keeps nothing.
 */
@NullMarked
package org.firstlight.benchmarks.bootstrap;

import org.jspecify.annotations.NullMarked;
