package org.firstlight.simulator.objects;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.euicc.Euicc;
import org.firstlight.simulator.euicc.EuiccAnswer;

/**
 * /505: carries the sealed package to the eUICC and shows what it answered. The package is only
 * bytes here; nothing on this side can open it.
 */
public final class SimInstance extends StoredInstance {
  /** Private range, read only, opaque: the eUICC's last signed receipt. */
  public static final int RECEIPT = 26241;

  private static final int PROFILE_PACKAGE = 3;
  private static final int UPDATE_PROFILE = 5;
  private static final int STATE = 6;
  private static final int RESULT = 7;
  private static final int ICCID = 14;
  private static final long IDLE = 0;
  private static final long DOWNLOADED = 2;
  private static final long UPDATING = 3;

  private final Euicc euicc;
  private final Eid eid;

  SimInstance(Euicc euicc, Eid eid) {
    super(0);
    this.euicc = euicc;
    this.eid = eid;
  }

  void equip() {
    set(0, 2L); // eUICC, not removable
    set(STATE, IDLE);
    set(RESULT, 0L);
    setAll(10, Map.of());
    set(11, 1L); // delivery: push
    setAll(ICCID, Map.of());
    set(15, eid.value());
  }

  /** Asks the eUICC what it holds; at power-on. */
  public CompletionStage<EuiccAnswer> refresh() {
    return euicc
        .status(eid)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                show(answer);
              }
            });
  }

  /** Whether a package was written that no one has installed yet. */
  public boolean hasPackage() {
    return value(STATE, Long.class).orElse(IDLE) == DOWNLOADED;
  }

  /** Hands the package to the eUICC; its bytes are forgotten here whatever it answers. */
  public CompletionStage<EuiccAnswer> install() {
    Optional<byte[]> bytes = value(PROFILE_PACKAGE, byte[].class);
    if (!hasPackage() || bytes.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException("no package was written"));
    }
    set(STATE, UPDATING);
    return euicc
        .install(eid, bytes.get())
        .whenComplete(
            (answer, failure) -> {
              reset(PROFILE_PACKAGE);
              if (failure == null) {
                show(answer);
                set(RESULT, answer.updateResult());
              } else {
                set(RESULT, 4L); // connection lost: to the eUICC's process
              }
              set(STATE, IDLE);
            });
  }

  @Override
  protected void written(int resourceId) {
    if (resourceId == PROFILE_PACKAGE) {
      set(RESULT, 0L);
      set(STATE, value(PROFILE_PACKAGE, byte[].class).isPresent() ? DOWNLOADED : IDLE);
    }
  }

  @Override
  public ExecuteResponse execute(LwM2mServer server, int resourceId, Arguments arguments) {
    if (resourceId != UPDATE_PROFILE || !hasPackage()) {
      return ExecuteResponse.methodNotAllowed();
    }
    install();
    return ExecuteResponse.success();
  }

  private void show(EuiccAnswer answer) {
    Map<Integer, Long> iccids = new TreeMap<>();
    List<String> held = answer.iccids();
    for (int i = 0; i < held.size(); i++) {
      iccids.put(i, asInteger(held.get(i)));
    }
    setAll(ICCID, iccids);
    answer.receipt().ifPresent(receipt -> set(RECEIPT, receipt));
  }

  /** The object's type is Integer, 64 bits: a 20th digit, the check digit, does not fit. */
  private static long asInteger(String iccid) {
    return Long.parseLong(iccid.length() > 19 ? iccid.substring(0, 19) : iccid);
  }
}
