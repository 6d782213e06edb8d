/**
 * What devices tell by themselves: Notify and Send. Comes after {@code operation} has asked for an
 * observation; stores the values, then acknowledges, and asks again for what is observed when a
 * device registers anew.
 */
@NullMarked
package org.firstlight.dm.observation;

import org.jspecify.annotations.NullMarked;
