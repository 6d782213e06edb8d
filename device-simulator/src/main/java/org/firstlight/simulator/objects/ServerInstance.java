package org.firstlight.simulator.objects;

import java.util.Optional;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;

/** /1: a Server Account's lifetime, binding and triggers. */
final class ServerInstance extends StoredInstance {
  private static final int SHORT_SERVER_ID = 0;
  private static final int LIFETIME = 1;
  private static final int DISABLE = 4;
  private static final int DISABLE_TIMEOUT = 5;
  private static final int BINDING = 7;
  private static final int UPDATE_TRIGGER = 8;
  private static final int BOOTSTRAP_TRIGGER = 9;
  private static final long A_DAY = 86_400;

  private final DeviceActions actions;

  ServerInstance(int id, DeviceActions actions) {
    super(id);
    this.actions = actions;
  }

  @Override
  protected Optional<String> fault(LwM2mResource value) {
    Optional<String> fault = super.fault(value);
    if (fault.isPresent()) {
      return fault;
    }
    if (value.getId() == SHORT_SERVER_ID && outside(value, 1, 65_534)) {
      return Optional.of("a Short Server ID is 1 to 65534");
    }
    if (value.getId() == LIFETIME && outside(value, 1, Integer.MAX_VALUE)) {
      return Optional.of("a lifetime is at least a second");
    }
    return Optional.empty();
  }

  private static boolean outside(LwM2mResource value, long from, long to) {
    long number = (Long) value.getValue();
    return number < from || number > to;
  }

  @Override
  protected void written(int resourceId) {
    if (resourceId == LIFETIME || resourceId == BINDING) {
      shortServerId().ifPresent(actions::update);
    }
  }

  @Override
  public ExecuteResponse execute(LwM2mServer server, int resourceId, Arguments arguments) {
    switch (resourceId) {
      case DISABLE ->
          shortServerId()
              .ifPresent(
                  id -> actions.disable(id, value(DISABLE_TIMEOUT, Long.class).orElse(A_DAY)));
      case UPDATE_TRIGGER -> shortServerId().ifPresent(actions::update);
      case BOOTSTRAP_TRIGGER -> actions.bootstrap();
      default -> {
        return ExecuteResponse.methodNotAllowed();
      }
    }
    return ExecuteResponse.success();
  }

  private Optional<Integer> shortServerId() {
    return value(SHORT_SERVER_ID, Long.class).map(Long::intValue);
  }
}
