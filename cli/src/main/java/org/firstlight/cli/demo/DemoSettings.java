package org.firstlight.cli.demo;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the demo was asked for.
 *
 * @param once whether it ends when every device has ended its journey
 * @param throwAway whether the data folder is made for this run and goes with it
 * @param httpPort 0 for a free one
 * @param fast whether it makes no pauses for people
 */
record DemoSettings(
    int devices,
    boolean once,
    Optional<Path> report,
    Path data,
    boolean throwAway,
    int httpPort,
    boolean fast) {}
