package org.firstlight.kit.dtls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.ConfigurationHelperSetup;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.kit.pki.ServerCredential;
import org.jspecify.annotations.Nullable;

/**
 * Shows the server's certificate as it is at the moment of each handshake. Sessions that stand, or
 * are resumed, saw the one before and go on.
 */
final class CurrentCertificate implements CertificateProvider, ConfigurationHelperSetup {
  private final Supplier<ServerCredential> credential;
  private final List<CertificateType> types;
  private volatile @Nullable Shown shown;

  private record Shown(ServerCredential credential, SingleCertificateProvider provider) {}

  CurrentCertificate(Supplier<ServerCredential> credential, List<CertificateType> types) {
    this.credential = credential;
    this.types = List.copyOf(types);
  }

  private SingleCertificateProvider now() {
    ServerCredential current = credential.get();
    Shown last = shown;
    if (last == null || last.credential() != current) {
      last =
          new Shown(
              current,
              new SingleCertificateProvider(
                  current.key(), current.chain().toArray(new X509Certificate[0]), types));
      shown = last;
    }
    return last.provider();
  }

  @Override
  public void setupConfigurationHelper(CertificateConfigurationHelper helper) {
    now().setupConfigurationHelper(helper);
  }

  @Override
  public List<CertificateKeyAlgorithm> getSupportedCertificateKeyAlgorithms() {
    return List.of(CertificateKeyAlgorithm.EC);
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return types;
  }

  @Override
  public CertificateIdentityResult requestCertificateIdentity(
      ConnectionId cid,
      boolean client,
      List<X500Principal> issuers,
      ServerNames serverNames,
      List<CertificateKeyAlgorithm> keyAlgorithms,
      List<SignatureAndHashAlgorithm> signatures,
      List<SupportedGroup> curves) {
    return now()
        .requestCertificateIdentity(
            cid, client, issuers, serverNames, keyAlgorithms, signatures, curves);
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // answers at once
  }
}
