/**
 * What a clean restart costs devices that hold DTLS connections by their Connection IDs: how many
 * of them shake hands again, also of those that come from another address afterwards.
 */
@NullMarked
package org.firstlight.benchmarks.restart;

import org.jspecify.annotations.NullMarked;
