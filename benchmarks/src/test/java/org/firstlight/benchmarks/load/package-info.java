/** That the load speaks CoAP. */
@NullMarked
package org.firstlight.benchmarks.load;

import org.jspecify.annotations.NullMarked;
