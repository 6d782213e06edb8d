package org.firstlight.dm.access;

import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Which paths of a device a kind of tenant may touch, and how: the server's own guard, whether or
 * not the device enforces its /2. Asked when a document is saved, and again before every request to
 * a device. A path above an Object Instance counts for all that lies below it.
 */
public final class AccessPolicy {
  /** What is to be done at a path; to observe or discover counts as to read. */
  public enum Action {
    READ,
    WRITE,
    EXECUTE
  }

  /** The mobile operator's, and the bootstrap server's: no service provider comes near. */
  private static final Set<Integer> CLOSED_TO_SERVICE_PROVIDERS =
      Set.of(0, 1, 2, 10, 11, 13, 21, 504, 505, 3443);

  /** Which network is used is nobody's secret, and not a service provider's to choose. */
  private static final Set<Integer> READ_ONLY_TO_SERVICE_PROVIDERS = Set.of(27, 10479);

  /** All else is the third parties', their credentials among it. */
  private static final Set<Integer> OPEN_TO_MOBILE_OPERATORS =
      Set.of(1, 3, 4, 5, 6, 7, 10, 11, 13, 27, 504, 505, 3443, 10479);

  private static final int DEVICE = 3;
  private static final int FACTORY_RESET = 5;

  private AccessPolicy() {}

  /** Why this kind of tenant may not do that there; empty if it may. */
  public static Optional<Failure> refuse(Tenant.Kind kind, LwM2mPath path, Action action) {
    if (path.isRoot() && kind != Tenant.Kind.PLATFORM_OPERATOR) {
      return refused(path, "the root names objects that are not %s's".formatted(words(kind)));
    }
    return switch (kind) {
      case PLATFORM_OPERATOR -> Optional.empty();
      case SERVICE_PROVIDER -> refuseServiceProvider(path, action);
      case MOBILE_OPERATOR ->
          OPEN_TO_MOBILE_OPERATORS.contains(path.objectId())
              ? Optional.empty()
              : refused(path, "a mobile operator never touches object " + path.objectId());
      case MANUFACTURER -> refused(path, "a manufacturer touches nothing on a device in use");
      case END_USER -> refused(path, "an end user touches nothing on a device");
    };
  }

  private static Optional<Failure> refuseServiceProvider(LwM2mPath path, Action action) {
    int object = path.objectId();
    if (CLOSED_TO_SERVICE_PROVIDERS.contains(object)) {
      return refused(path, "a service provider never touches object " + object);
    }
    if (READ_ONLY_TO_SERVICE_PROVIDERS.contains(object) && action != Action.READ) {
      return refused(path, "a service provider only reads object " + object);
    }
    // it would take the operator's accounts and subscription with it
    if (action == Action.EXECUTE
        && object == DEVICE
        && path.depth() >= 3
        && path.resourceId() == FACTORY_RESET) {
      return refused(path, "a service provider does not reset a device to its factory state");
    }
    return Optional.empty();
  }

  private static String words(Tenant.Kind kind) {
    return switch (kind) {
      case PLATFORM_OPERATOR -> "the platform operator";
      case MOBILE_OPERATOR -> "a mobile operator";
      case MANUFACTURER -> "a manufacturer";
      case SERVICE_PROVIDER -> "a service provider";
      case END_USER -> "an end user";
    };
  }

  private static Optional<Failure> refused(LwM2mPath path, String reason) {
    return Optional.of(Failure.of(FailureCode.FORBIDDEN, path + ": " + reason));
  }
}
