package org.firstlight.bootstrap.main;

import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/** A device that is asked for its certificate and has none. */
final class NothingToShow implements CertificateProvider {
  @Override
  public List<CertificateKeyAlgorithm> getSupportedCertificateKeyAlgorithms() {
    return List.of(CertificateKeyAlgorithm.EC);
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return List.of(CertificateType.X_509);
  }

  @Override
  public CertificateIdentityResult requestCertificateIdentity(
      ConnectionId cid,
      boolean client,
      @Nullable List<X500Principal> issuers,
      @Nullable ServerNames serverNames,
      @Nullable List<CertificateKeyAlgorithm> keys,
      @Nullable List<SignatureAndHashAlgorithm> signatures,
      @Nullable List<SupportedGroup> curves) {
    return new CertificateIdentityResult(cid);
  }

  @Override
  public void setResultHandler(HandshakeResultHandler handler) {}
}
