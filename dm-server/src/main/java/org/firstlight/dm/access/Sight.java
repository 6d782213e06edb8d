package org.firstlight.dm.access;

import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.subscription.SealedSubscription;

/**
 * Which devices a principal sees. One that it does not see does not exist for it.
 *
 * <p>The administrator sees all, a service provider those that it has claimed, a manufacturer those
 * that it made, a mobile operator those that hold one of its subscriptions.
 */
public final class Sight {
  private Sight() {}

  /** What the index has of every device that the principal sees, and of no other; empty for all. */
  public static Optional<Word> word(Principal principal) {
    return switch (principal.kind()) {
      case PLATFORM_OPERATOR -> Optional.empty();
      case SERVICE_PROVIDER -> Optional.of(DeviceIndex.owner(Optional.of(principal.tenant())));
      case MANUFACTURER -> Optional.of(DeviceIndex.manufacturer(principal.tenant()));
      case MOBILE_OPERATOR -> Optional.of(DeviceIndex.operator(principal.tenant()));
      // its own device it has by its pass, never by a list
      case END_USER -> Optional.of(DeviceIndex.owner(Optional.of("")));
    };
  }

  /**
   * @param subscriptions the device's, all of them
   */
  public static boolean sees(
      Principal principal, Device device, List<SealedSubscription> subscriptions) {
    return switch (principal.kind()) {
      case PLATFORM_OPERATOR -> true;
      case SERVICE_PROVIDER -> device.owner().filter(principal.tenant()::equals).isPresent();
      case MANUFACTURER -> device.manufacturer().equals(principal.tenant());
      case MOBILE_OPERATOR ->
          subscriptions.stream().anyMatch(one -> one.tenant().equals(principal.tenant()));
      case END_USER -> false;
    };
  }
}
