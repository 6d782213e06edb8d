package org.firstlight.bootstrap.main;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.firstlight.bootstrap.FactoryCa;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of which only the bytes are what a test wants sent: to the device's own DTLS it
 * looks like a sound one, for that would send no other. So tests speak for stacks that check
 * nothing.
 */
@SuppressWarnings("serial")
final class AsSent extends X509Certificate {
  private static final X509Certificate SOUND =
      FactoryCa.root("Sound").issue("CN=sound").certificate();

  private final int at;
  private final byte[] der;

  private AsSent(int at, byte[] der) {
    this.at = at;
    this.der = der.clone();
  }

  static X509Certificate[] chain(List<byte[]> encoded) {
    List<X509Certificate> all = new ArrayList<>();
    encoded.forEach(der -> all.add(new AsSent(all.size(), der)));
    return all.toArray(new X509Certificate[0]);
  }

  @Override
  public byte[] getEncoded() {
    return der.clone();
  }

  @Override
  public X500Principal getSubjectX500Principal() {
    return new X500Principal("CN=" + at);
  }

  @Override
  public X500Principal getIssuerX500Principal() {
    return new X500Principal("CN=" + (at + 1));
  }

  @Override
  @SuppressWarnings("deprecation")
  public Principal getSubjectDN() {
    return getSubjectX500Principal();
  }

  @Override
  @SuppressWarnings("deprecation")
  public Principal getIssuerDN() {
    return getIssuerX500Principal();
  }

  @Override
  public BigInteger getSerialNumber() {
    return BigInteger.valueOf(at);
  }

  @Override
  public PublicKey getPublicKey() {
    return SOUND.getPublicKey();
  }

  @Override
  public void verify(PublicKey key) {}

  @Override
  public void verify(PublicKey key, String provider) {}

  @Override
  public void checkValidity() {}

  @Override
  public void checkValidity(Date date) {}

  @Override
  public int getVersion() {
    return SOUND.getVersion();
  }

  @Override
  public Date getNotBefore() {
    return SOUND.getNotBefore();
  }

  @Override
  public Date getNotAfter() {
    return SOUND.getNotAfter();
  }

  @Override
  public byte[] getTBSCertificate() throws CertificateEncodingException {
    return SOUND.getTBSCertificate();
  }

  @Override
  public byte[] getSignature() {
    return SOUND.getSignature();
  }

  @Override
  public String getSigAlgName() {
    return SOUND.getSigAlgName();
  }

  @Override
  public String getSigAlgOID() {
    return SOUND.getSigAlgOID();
  }

  @Override
  public byte @Nullable [] getSigAlgParams() {
    return SOUND.getSigAlgParams();
  }

  @Override
  public boolean @Nullable [] getIssuerUniqueID() {
    return null;
  }

  @Override
  public boolean @Nullable [] getSubjectUniqueID() {
    return null;
  }

  @Override
  public boolean @Nullable [] getKeyUsage() {
    return SOUND.getKeyUsage();
  }

  @Override
  public int getBasicConstraints() {
    return -1;
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return false;
  }

  @Override
  public @Nullable Set<String> getCriticalExtensionOIDs() {
    return SOUND.getCriticalExtensionOIDs();
  }

  @Override
  public @Nullable Set<String> getNonCriticalExtensionOIDs() {
    return SOUND.getNonCriticalExtensionOIDs();
  }

  @Override
  public byte @Nullable [] getExtensionValue(String oid) {
    return SOUND.getExtensionValue(oid);
  }

  @Override
  public String toString() {
    return "certificate " + at + " as it is sent";
  }
}
