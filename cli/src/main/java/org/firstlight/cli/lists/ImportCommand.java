package org.firstlight.cli.lists;

import picocli.CommandLine.Command;

/** {@code import}: brings what others have made to a running platform. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Brings lists to a running platform.",
    subcommands = {ImportShipmentCommand.class, ImportClaimsCommand.class})
public final class ImportCommand {}
