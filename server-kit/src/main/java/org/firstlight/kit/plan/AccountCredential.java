package org.firstlight.kit.plan;

import java.util.Arrays;
import java.util.Map;
import org.firstlight.fleet.plan.CertificateUsage;
import org.firstlight.objects.value.TypedValue;

/**
 * The operational credential as the server account's /0 instance holds it (LwM2M Core 1.1.1 §E.1):
 * its mandatory Resources, empty where the security mode has no use for one, as Leshan's client
 * falls over one that is missing; and of the others only what the mode needs.
 */
public sealed interface AccountCredential {
  /** A mandatory Resource that the security mode has no use for. */
  TypedValue NOTHING = new TypedValue.Bytes(new byte[0]);

  /** Resources of /0/x by ID. */
  Map<Integer, TypedValue> resources();

  /** Overwrites the secret, once it is written to the device. */
  void wipe();

  /**
   * How the device knows the server by its certificate.
   *
   * @param certificate DER of the server's own, or of its CA, as the usage says
   */
  record ServerTrust(byte[] certificate, CertificateUsage usage) {
    private TypedValue given() {
      return new TypedValue.Bytes(certificate);
    }

    private TypedValue read() {
      return new TypedValue.Unsigned(usage.number());
    }

    @Override
    public String toString() {
      return "ServerTrust[" + usage + "]";
    }
  }

  /**
   * Security mode 2.
   *
   * @param certificate DER
   * @param privateKey PKCS#8; empty where the certificate is over a key that the device has
   */
  record Certificate(byte[] certificate, ServerTrust serverTrust, byte[] privateKey)
      implements AccountCredential {
    private static final int MODE = 2;

    @Override
    public Map<Integer, TypedValue> resources() {
      return Map.of(
          2, new TypedValue.Whole(MODE),
          3, new TypedValue.Bytes(certificate),
          4, serverTrust.given(),
          5, new TypedValue.Bytes(privateKey),
          15, serverTrust.read());
    }

    @Override
    public void wipe() {
      Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public String toString() {
      return "Certificate[%d bytes]".formatted(certificate.length);
    }
  }

  /** Security mode 4: the device fetches its certificate by EST, and keeps its key. */
  record ByEst(ServerTrust serverTrust) implements AccountCredential {
    private static final int MODE = 4;

    @Override
    public Map<Integer, TypedValue> resources() {
      return Map.of(
          2,
          new TypedValue.Whole(MODE),
          3,
          NOTHING,
          4,
          serverTrust.given(),
          5,
          NOTHING,
          15,
          serverTrust.read());
    }

    @Override
    public void wipe() {
      // there is nothing secret in it
    }
  }

  /**
   * Security mode 1 (RFC 7250).
   *
   * @param publicKey SubjectPublicKeyInfo
   * @param serverKey SubjectPublicKeyInfo of the server's key
   * @param privateKey PKCS#8
   */
  record RawPublicKey(byte[] publicKey, byte[] serverKey, byte[] privateKey)
      implements AccountCredential {
    private static final int MODE = 1;

    @Override
    public Map<Integer, TypedValue> resources() {
      return Map.of(
          2, new TypedValue.Whole(MODE),
          3, new TypedValue.Bytes(publicKey),
          4, new TypedValue.Bytes(serverKey),
          5, new TypedValue.Bytes(privateKey));
    }

    @Override
    public void wipe() {
      Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public String toString() {
      return "RawPublicKey[]";
    }
  }

  /**
   * Security mode 0.
   *
   * @param identity UTF-8
   */
  record PreSharedKey(byte[] identity, byte[] key) implements AccountCredential {
    private static final int MODE = 0;

    @Override
    public Map<Integer, TypedValue> resources() {
      return Map.of(
          2, new TypedValue.Whole(MODE),
          3, new TypedValue.Bytes(identity),
          4, NOTHING,
          5, new TypedValue.Bytes(key));
    }

    @Override
    public void wipe() {
      Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
      return "PreSharedKey[]";
    }
  }

  /** Security mode 3, for plain coap on loopback. */
  record NoSecurity() implements AccountCredential {
    private static final int MODE = 3;

    @Override
    public Map<Integer, TypedValue> resources() {
      return Map.of(2, new TypedValue.Whole(MODE), 3, NOTHING, 4, NOTHING, 5, NOTHING);
    }

    @Override
    public void wipe() {
      // there is nothing secret in it
    }
  }
}
