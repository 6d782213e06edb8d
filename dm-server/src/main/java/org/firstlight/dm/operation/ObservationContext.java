package org.firstlight.dm.operation;

import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.Request;
import org.firstlight.dm.operation.Observations.Target;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.objects.path.LwM2mPath;

/** What an Observe request carries through Californium, to be known again by its notifications. */
final class ObservationContext {
  private static final String ENDPOINT_NAME = "endpointName";
  private static final String ACCOUNT = "account";
  private static final String PATH = "path";

  private ObservationContext() {}

  static Map<String, String> of(Target target) {
    return Map.of(
        ENDPOINT_NAME,
        target.endpointName().value(),
        ACCOUNT,
        Integer.toString(target.account()),
        PATH,
        target.path().toString());
  }

  /** Empty for a request that is not ours. */
  static Optional<Target> in(Request request) {
    Map<String, String> context = request.getUserContext();
    return context == null || !context.containsKey(PATH)
        ? Optional.empty()
        : Optional.of(
            new Target(
                new EndpointName(context.get(ENDPOINT_NAME)),
                Integer.parseInt(context.get(ACCOUNT)),
                LwM2mPath.parse(context.get(PATH))));
  }
}
