/**
 * One bootstrap of one device: Discover, Delete, Write each, Finish, with every exchange kept for
 * people to read. Comes after enrolment, with a checked plan and a credential; leaves the device
 * {@code BOOTSTRAPPED}, or the cause why not. One session runs per endpoint: a newer
 * Bootstrap-Request ends the older.
 */
@NullMarked
package org.firstlight.bootstrap.session;

import org.jspecify.annotations.NullMarked;
