package org.firstlight.kit.config;

import java.net.URI;
import java.nio.file.Path;

/**
 * Signing in at an OpenID provider; needs {@code http.publicUrl}.
 *
 * @param issuer {@code oidc.issuer}: the provider, exactly as it names itself; https, or on
 *     loopback
 * @param clientId {@code oidc.clientId}: as the provider knows this platform
 * @param clientSecretFile {@code oidc.clientSecretFile}: holds the client's secret alone
 * @param name {@code oidc.name}: what the button of the sign-in page says after "Sign in with"
 */
public record OidcConfig(URI issuer, String clientId, Path clientSecretFile, String name) {
  public OidcConfig {
    Checks.present(issuer, "issuer");
    Checks.present(clientId, "clientId");
    Checks.present(clientSecretFile, "clientSecretFile");
    Checks.present(name, "name");
    boolean safe =
        issuer.getHost() != null
            && ("https".equals(issuer.getScheme())
                || ("http".equals(issuer.getScheme()) && Checks.isLoopback(issuer.getHost())));
    Checks.that(safe, "issuer", "must look like https://host");
    Checks.that(
        issuer.getQuery() == null && issuer.getFragment() == null,
        "issuer",
        "has no query and no fragment");
    Checks.that(!clientId.isBlank(), "clientId", "is needed");
    Checks.that(!name.isBlank() && name.length() <= 40, "name", "must have 1 to 40 characters");
  }
}
