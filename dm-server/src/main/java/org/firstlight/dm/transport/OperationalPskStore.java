package org.firstlight.dm.transport;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.dtls.Withdrawals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds operational PSKs; a device that was withdrawn has none. Answers later, from another thread.
 * While state is away there is no answer at all: the handshake times out and the device tries
 * again, where an alert would tell it that its key is wrong.
 */
public final class OperationalPskStore implements AdvancedPskStore {
  private static final Logger LOG = LoggerFactory.getLogger(OperationalPskStore.class);

  private final FleetState records;
  private final Withdrawals withdrawals;
  private final KeyEncryption encryption;
  private final Executor executor;
  private volatile @Nullable HandshakeResultHandler results;

  public OperationalPskStore(
      FleetState records, Withdrawals withdrawals, KeyEncryption encryption, Executor executor) {
    this.records = records;
    this.withdrawals = withdrawals;
    this.encryption = encryption;
    this.executor = executor;
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public @Nullable PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    String name = identity.getPublicInfoAsString();
    Optional<EndpointName> endpointName = PskIdentities.endpointName(name);
    if (endpointName.isEmpty()) {
      return new PskSecretResult(cid, identity, null);
    }
    records
        .find(Kinds.PSK, endpointName.get().value(), name)
        .thenCombine(
            withdrawals.known(endpointName.get()),
            (found, withdrawn) ->
                withdrawn.isPresent() ? Optional.<Stored<PskRecord>>empty() : found)
        .thenAcceptAsync(
            found -> answer(new PskSecretResult(cid, identity, key(found).orElse(null))), executor)
        .exceptionally(
            away -> {
              LOG.warn("a PSK look-up failed, its handshake is left to time out");
              LOG.debug("the look-up's failure", away);
              return null;
            });
    return null;
  }

  private Optional<SecretKey> key(Optional<Stored<PskRecord>> found) {
    return found
        .map(Stored::value)
        .filter(psk -> !psk.forBootstrap())
        .map(
            psk -> {
              byte[] key = encryption.decrypt(psk.key(), PskRecord.keyContext(psk.identity()));
              try {
                return SecretUtil.create(key, PskSecretResult.ALGORITHM_PSK);
              } finally {
                Arrays.fill(key, (byte) 0);
              }
            });
  }

  private void answer(PskSecretResult result) {
    HandshakeResultHandler handler = results;
    if (handler != null) {
      handler.apply(result);
    }
  }

  /** A server shows no identity of its own. */
  @Override
  public @Nullable PskPublicInformation getIdentity(
      InetSocketAddress peerAddress, ServerNames virtualHost) {
    return null;
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    results = resultHandler;
  }
}
