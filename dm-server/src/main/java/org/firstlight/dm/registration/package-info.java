/**
 * Register, Update, De-register and the end of a Lifetime (LwM2M Core 1.1.1 §6.2): read, authorise,
 * store, answer, then tell the rest of the pipeline. Comes after {@code transport} has proven who
 * speaks; leaves {@code REGISTERED}, and hands the device to {@code connectivity} and {@code
 * configuration}. The resource is ours and answers from any thread, only after state has said yes.
 */
@NullMarked
package org.firstlight.dm.registration;

import org.jspecify.annotations.NullMarked;
