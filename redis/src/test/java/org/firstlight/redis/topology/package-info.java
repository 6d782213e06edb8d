/**
 * Real Redis processes for tests, in every way that we support: alone with TLS and an ACL user,
 * watched by sentinels, as a cluster; each process can be killed, stopped, cut off and brought
 * back. Shared with the tests of other modules.
 */
@NullMarked
package org.firstlight.redis.topology;

import org.jspecify.annotations.NullMarked;
