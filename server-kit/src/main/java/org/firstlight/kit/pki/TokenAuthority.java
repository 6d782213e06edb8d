package org.firstlight.kit.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.firstlight.kit.config.TokenConfig;
import org.firstlight.kit.token.Token;
import org.firstlight.kit.token.TokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CA whose key is in a token: made there at first start, with its certificate, which lies in the
 * folder, too. Several platforms may use one token: the first to start makes the key, the others
 * find it.
 */
final class TokenAuthority {
  private static final Logger LOG = LoggerFactory.getLogger(TokenAuthority.class);

  private final PrivateFiles files;
  private final PkiFolder folder;
  private final TokenConfig config;

  TokenAuthority(PrivateFiles files, PkiFolder folder, TokenConfig config) {
    this.files = files;
    this.folder = folder;
    this.config = config;
  }

  /**
   * @throws PkiException if there is a CA in the folder alone: it is never replaced in silence
   * @throws TokenException if the token cannot be used, or has another key
   */
  CertificateAuthority open(String name, String commonName) {
    Token token = Token.open(config, this::pin, files.path(name + ".pin-refused"));
    TokenKey key = new TokenKey(token);
    try {
      if (token.certificate().isEmpty()) {
        refuseToReplace(name);
        make(name, commonName, token, key);
      } else if (!files.has(name + ".pem")) {
        folder.write(name, List.of(authority(token.certificate().get())));
      }
      CertificateAuthority authority = folder.authority(name, key);
      token.watch(authority.certificate().getPublicKey());
      if (files.has(name + ".key")) {
        LOG.warn(
            "{} is not used any more: keep it in a safe place or destroy it",
            files.path(name + ".key"));
      }
      return authority;
    } catch (RuntimeException fault) {
      key.close();
      throw fault;
    }
  }

  private byte[] pin() {
    try {
      String text = new String(PrivateFiles.read(config.pinFile()), StandardCharsets.UTF_8).strip();
      if (!text.isEmpty()) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
    } catch (PkiException fault) {
      throw new TokenException(String.valueOf(fault.getMessage()));
    }
    throw new TokenException("%s holds no PIN".formatted(config.pinFile()));
  }

  private void refuseToReplace(String name) {
    for (String file : List.of(name + ".key", name + ".pem")) {
      if (files.has(file)) {
        throw new PkiException(
            "token '%s' has no key '%s', and devices trust the CA of %s: import that CA's key and certificate into the token, or move its files away and let all devices bootstrap again"
                .formatted(config.label(), name, files.path(file)));
      }
    }
  }

  private void make(String name, String commonName, Token token, TokenKey key) {
    X509Certificate certificate = folder.selfSigned(key, publicKey(token.generate()), commonName);
    token.keep(Certificates.der(certificate));
    folder.write(name, List.of(certificate));
    LOG.info("made the key of {} in token '{}'", commonName, config.label());
  }

  private static PublicKey publicKey(byte[] spki) {
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new PkiException("the token made a key that is not on P-256", e);
    }
  }

  private X509Certificate authority(byte[] der) {
    try {
      X509Certificate certificate = Certificates.parseOne(der);
      if (certificate.getBasicConstraints() >= 0 && P256.has(certificate.getPublicKey())) {
        return certificate;
      }
    } catch (UnreadableCertificateException e) {
      LOG.debug("the token's certificate cannot be read", e);
    }
    throw new PkiException(
        "the certificate in token '%s' is not that of a CA with a key on P-256"
            .formatted(config.label()));
  }
}
