/**
 * The demo: a factory, a mobile operator and a service provider on one machine, and the journey of
 * their devices, shown live. It uses the platform as they would, through the HTTP API; the devices,
 * their eUICCs and the operator's sealing run in processes of their own.
 */
@NullMarked
package org.firstlight.cli.demo;

import org.jspecify.annotations.NullMarked;
