package org.firstlight.kit.config;

import java.net.URI;
import java.util.Optional;

/**
 * What the platform's CAs put into what they issue, and where the key of one is.
 *
 * @param revocationListUrl {@code pki.revocationListUrl}: where others find the operational CA's
 *     CRL, which the DM server serves at {@code /crl/operational-ca.crl}; the devices' certificates
 *     name it from then on, so it is for good: keep it short, and in http
 * @param token {@code pki.token}: the operational CA's key is in this PKCS#11 token and in no file
 */
public record PkiConfig(Optional<URI> revocationListUrl, Optional<TokenConfig> token) {
  private static final int LONGEST = 200;

  public PkiConfig {
    revocationListUrl.ifPresent(
        url ->
            Checks.that(
                ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.toASCIIString().length() <= LONGEST,
                "revocationListUrl",
                "must look like http://host/crl/operational-ca.crl, with 200 characters at most"));
  }
}
