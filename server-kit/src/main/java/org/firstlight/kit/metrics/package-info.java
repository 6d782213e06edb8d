/**
 * What a process counts and times, for Prometheus. Every step of the journey reports here sideways;
 * the HTTP server shows it under /metrics.
 */
@NullMarked
package org.firstlight.kit.metrics;

import org.jspecify.annotations.NullMarked;
