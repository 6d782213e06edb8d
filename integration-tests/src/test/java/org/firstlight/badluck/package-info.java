/**
 * Bad luck, proven: real devices and editors drive a real server on a real Redis at full load, each
 * writes down what was acknowledged to it, and then something breaks at a random moment. {@link
 * org.firstlight.badluck.Scene} sets the stage, {@link org.firstlight.badluck.Fault} breaks it,
 * {@link org.firstlight.badluck.Audit} compares the {@link org.firstlight.badluck.Ledger} with what
 * is stored, and {@link org.firstlight.badluck.Report} says what was lost or doubled.
 */
@NullMarked
package org.firstlight.badluck;

import org.jspecify.annotations.NullMarked;
