/** What happened, as a bounded stream that a consumer resumes where it stopped. */
@NullMarked
package org.firstlight.fleet.event;

import org.jspecify.annotations.NullMarked;
