package org.firstlight.simulator.objects;

import java.util.Map;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;

/** /5: takes a pushed package and "installs" it; nothing runs from it. Pull is refused. */
final class FirmwareInstance extends StoredInstance {
  private static final int PACKAGE = 0;
  private static final int PACKAGE_URI = 1;
  private static final int UPDATE = 2;
  private static final int STATE = 3;
  private static final int RESULT = 5;
  private static final long IDLE = 0;
  private static final long DOWNLOADED = 2;

  FirmwareInstance() {
    super(0);
  }

  void equip() {
    set(STATE, IDLE);
    set(RESULT, 0L);
    set(6, "firstlight-sim");
    set(7, "1.0.0");
    setAll(8, Map.of());
    set(9, 1L); // delivery: push only
  }

  @Override
  protected void written(int resourceId) {
    if (resourceId == PACKAGE) {
      int size = value(PACKAGE, byte[].class).map(bytes -> bytes.length).orElse(0);
      set(PACKAGE, new byte[0]); // its content is of no use here
      set(RESULT, 0L);
      set(STATE, size <= 1 ? IDLE : DOWNLOADED); // empty or one NUL: start over
    } else if (resourceId == PACKAGE_URI) {
      set(RESULT, value(PACKAGE_URI, String.class).orElse("").isEmpty() ? 0L : 9L);
      set(STATE, IDLE);
    }
  }

  @Override
  public ExecuteResponse execute(LwM2mServer server, int resourceId, Arguments arguments) {
    if (resourceId != UPDATE || value(STATE, Long.class).orElse(IDLE) != DOWNLOADED) {
      return ExecuteResponse.methodNotAllowed();
    }
    set(STATE, IDLE);
    set(RESULT, 1L);
    return ExecuteResponse.success();
  }
}
