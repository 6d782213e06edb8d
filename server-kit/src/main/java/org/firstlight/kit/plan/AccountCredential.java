package org.firstlight.kit.plan;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
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
   * Security mode 2.
   *
   * @param certificate DER
   * @param serverTrust DER of the CA that the server's chain ends at, with certificate usage 2
   * @param privateKey PKCS#8
   */
  record Certificate(byte[] certificate, byte[] serverTrust, byte[] privateKey)
      implements AccountCredential {
    private static final int MODE = 2;
    private static final int TRUST_ANCHOR_ASSERTION = 2;

    @Override
    public Map<Integer, TypedValue> resources() {
      Map<Integer, TypedValue> resources = new TreeMap<>();
      resources.put(2, new TypedValue.Whole(MODE));
      resources.put(3, new TypedValue.Bytes(certificate));
      resources.put(4, new TypedValue.Bytes(serverTrust));
      resources.put(5, new TypedValue.Bytes(privateKey));
      resources.put(15, new TypedValue.Unsigned(TRUST_ANCHOR_ASSERTION));
      return resources;
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

  /**
   * Security mode 4: the device fetches its certificate by EST, and keeps its key.
   *
   * @param serverTrust as in {@link Certificate}
   */
  record ByEst(byte[] serverTrust) implements AccountCredential {
    private static final int MODE = 4;

    @Override
    public Map<Integer, TypedValue> resources() {
      return Map.of(
          2, new TypedValue.Whole(MODE),
          3, NOTHING,
          4, new TypedValue.Bytes(serverTrust),
          5, NOTHING,
          15, new TypedValue.Unsigned(Certificate.TRUST_ANCHOR_ASSERTION));
    }

    @Override
    public void wipe() {
      // there is nothing secret in it
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
