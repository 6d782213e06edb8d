package org.firstlight.simulator.connection;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.firstlight.kit.pki.P256;
import org.firstlight.simulator.connection.ServerAccount.Credential;
import org.firstlight.simulator.connection.ServerAccount.RegistrationTerms;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.FactorySettings;
import org.firstlight.simulator.objects.StoredInstance;
import org.firstlight.simulator.pem.PemException;
import org.firstlight.simulator.pem.PemFiles;

/**
 * The accounts that /0 and /1 describe, and what is wrong with them; a Bootstrap-Finish over faults
 * is answered 4.06 (LwM2M Core 1.1.1 §6.1.7.5).
 */
public record ServerAccounts(
    Optional<ServerAccount> bootstrap, List<ServerAccount> servers, List<String> faults) {
  private static final long PSK = 0;
  private static final long RAW_PUBLIC_KEY = 1;
  private static final long CERTIFICATE = 2;
  private static final long EST = 4;
  private static final int CERTIFICATE_USAGE = 15;
  private static final int DOMAIN_ISSUED = 3;

  public ServerAccounts {
    servers = List.copyOf(servers);
    faults = List.copyOf(faults);
  }

  public static ServerAccounts read(DeviceTree tree) {
    List<ServerAccount> servers = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    Optional<ServerAccount> bootstrap = Optional.empty();
    Set<Integer> seen = new HashSet<>();
    for (int id : tree.object(DeviceTree.SECURITY).getAvailableInstanceIds()) {
      StoredInstance security = tree.instance(DeviceTree.SECURITY, id).orElseThrow();
      try {
        ServerAccount account = account(security, tree);
        if (!seen.add(account.shortServerId())) {
          throw new Fault("a second account for server " + account.shortServerId());
        }
        if (account.isBootstrap()) {
          bootstrap = Optional.of(account);
        } else {
          servers.add(account);
        }
      } catch (Fault fault) {
        faults.add("/0/%d: %s".formatted(id, fault.getMessage()));
      }
    }
    for (int id : tree.object(DeviceTree.SERVER).getAvailableInstanceIds()) {
      StoredInstance server = tree.instance(DeviceTree.SERVER, id).orElseThrow();
      Optional<Long> shortServerId = server.value(0, Long.class);
      if (shortServerId.isEmpty() || !seen.contains(shortServerId.get().intValue())) {
        faults.add("/1/%d has no account in /0".formatted(id));
      }
    }
    return new ServerAccounts(bootstrap, servers, faults);
  }

  private static ServerAccount account(StoredInstance security, DeviceTree tree) {
    URI uri = uri(required(security, 0, String.class, "no server URI"));
    Credential credential = credential(security, tree.factory());
    if (security.value(1, Boolean.class).orElse(false)) {
      return new ServerAccount(0, uri, credential, Optional.empty());
    }
    int shortServerId = required(security, 10, Long.class, "no Short Server ID").intValue();
    StoredInstance server =
        tree.object(DeviceTree.SERVER).getAvailableInstanceIds().stream()
            .map(id -> tree.instance(DeviceTree.SERVER, id).orElseThrow())
            .filter(one -> one.value(0, Long.class).filter(id -> id == shortServerId).isPresent())
            .findFirst()
            .orElseThrow(() -> new Fault("no /1 for Short Server ID " + shortServerId));
    Duration lifetime = Duration.ofSeconds(server.value(1, Long.class).orElse(86_400L));
    String binding = server.value(7, String.class).orElse("U");
    return new ServerAccount(
        shortServerId, uri, credential, Optional.of(new RegistrationTerms(lifetime, binding)));
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text);
      if ("coaps".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new Fault("not a coaps URI with a host");
  }

  private static Credential credential(StoredInstance security, FactorySettings factory) {
    long mode = required(security, 2, Long.class, "no security mode");
    byte[] identity = required(security, 3, byte[].class, "no public key or identity");
    byte[] secret = required(security, 5, byte[].class, "no secret key");
    if (mode == PSK) {
      if (identity.length == 0 || secret.length < 16) {
        throw new Fault("a PSK needs an identity and a key of at least 16 bytes");
      }
      return new ServerAccount.Psk(new String(identity, StandardCharsets.UTF_8), secret);
    }
    if (mode == EST && identity.length == 0 && secret.length == 0) {
      certificates(required(security, 4, byte[].class, "no server public key"), "/4");
      return new ServerAccount.ToEnrol();
    }
    byte[] trust = required(security, 4, byte[].class, "no server public key");
    if (mode == CERTIFICATE || mode == EST) {
      List<X509Certificate> chain = certificates(identity, "/3");
      // a certificate without a key is over the one that the device has
      PrivateKey key = secret.length == 0 ? factory.key() : key(secret);
      KeyPairCheck.require(key, chain.get(0));
      return new ServerAccount.Certificate(
          key,
          chain,
          certificates(trust, "/4").get(0),
          usage(security),
          List.of(factory.trustAnchor()));
    }
    if (mode == RAW_PUBLIC_KEY) {
      ServerAccount.RawPublicKey raw =
          new ServerAccount.RawPublicKey(
              key(secret), publicKey(identity, "/3"), publicKey(trust, "/4"));
      KeyPairCheck.require(raw.key(), raw.publicKey());
      return raw;
    }
    throw new Fault("security mode %d is not supported".formatted(mode));
  }

  /** SubjectPublicKeyInfo, on the curve that LwM2M Transport 1.1.1 §5.2.8.3 asks for. */
  private static PublicKey publicKey(byte[] der, String resource) {
    try {
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      if (P256.has(key)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new Fault(resource + " is not a public key on P-256");
  }

  private static int usage(StoredInstance security) {
    if (!security.getModel().resources.containsKey(CERTIFICATE_USAGE)) {
      return ServerTrust.UNSAID;
    }
    int usage =
        security.value(CERTIFICATE_USAGE, ULong.class).map(ULong::intValue).orElse(DOMAIN_ISSUED);
    if (usage < 0 || usage > DOMAIN_ISSUED) {
      throw new Fault("certificate usage is 0 to 3");
    }
    return usage;
  }

  private static PrivateKey key(byte[] pkcs8) {
    try {
      return PemFiles.privateKey(pkcs8);
    } catch (PemException e) {
      throw new Fault("/5 " + e.getMessage());
    }
  }

  private static List<X509Certificate> certificates(byte[] bytes, String resource) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes))
          .forEach(certificate -> chain.add((X509Certificate) certificate));
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new Fault(resource + " is not an X.509 certificate");
  }

  private static <T> T required(
      StoredInstance instance, int resourceId, Class<T> type, String otherwise) {
    return instance.value(resourceId, type).orElseThrow(() -> new Fault(otherwise));
  }

  /** What is wrong with one account, in words that hold no secret. */
  static final class Fault extends RuntimeException {
    Fault(String message) {
      super(message, null, false, false);
    }
  }
}
