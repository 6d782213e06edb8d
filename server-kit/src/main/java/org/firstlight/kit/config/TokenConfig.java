package org.firstlight.kit.config;

import java.nio.file.Path;

/**
 * A PKCS#11 token that holds the operational CA's key.
 *
 * @param library {@code pki.token.library}: the PKCS#11 library of the token's maker
 * @param label {@code pki.token.label}: the token's label, as it was initialised with
 * @param pinFile {@code pki.token.pinFile}: file that holds the user's PIN alone, readable to its
 *     owner only
 */
public record TokenConfig(Path library, String label, Path pinFile) {
  /** CK_TOKEN_INFO has that much room for it (PKCS #11 2.40 §3.2). */
  private static final int LONGEST_LABEL = 32;

  public TokenConfig {
    Checks.present(library, "library");
    Checks.present(label, "label");
    Checks.present(pinFile, "pinFile");
    Checks.that(
        library.toString().matches("[^\"\\\\$\\p{Cntrl}]+"),
        "library",
        "must be a path without quotes, backslashes and dollar signs");
    Checks.that(
        label.equals(label.strip()) && !label.isEmpty() && label.length() <= LONGEST_LABEL,
        "label",
        "must have 1 to 32 characters");
  }
}
