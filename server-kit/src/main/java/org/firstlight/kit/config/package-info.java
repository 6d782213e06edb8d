/**
 * The one configuration file of a Firstlight process. It is read before anything else starts; what
 * it says reaches the servers as records, and what is wrong in it is named with file, line and key.
 */
@NullMarked
package org.firstlight.kit.config;

import org.jspecify.annotations.NullMarked;
