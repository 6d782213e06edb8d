/** That the measurements run. */
@NullMarked
package org.firstlight.benchmarks;

import org.jspecify.annotations.NullMarked;
