package org.firstlight.dm.operation;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.coap.Request;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.registration.KnownLinks;
import org.firstlight.dm.registration.ObjectLinks;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Tells a device whose registration has just ended here to bootstrap again, over the connection
 * that it still has: LwM2M Core 1.1.1 §5.2.4, by executing Bootstrap-Request Trigger. A device that
 * does not know it (LwM2M 1.0), or is asleep, learns it from the refusal of its next Register.
 */
public final class BootstrapTrigger {
  private static final int SERVER = 1;
  private static final int TRIGGER = 9;

  private final DeviceLink link;
  private final KnownLinks links;

  /**
   * @param link with little patience: the connection is kept for this alone
   */
  public BootstrapTrigger(DeviceLink link, KnownLinks links) {
    this.link = link;
    this.links = links;
  }

  /** Completes when the device has answered, or will not any more; never exceptionally. */
  public CompletionStage<Boolean> tell(Contact contact) {
    Request request = Request.newPost();
    for (String segment : path(contact).split("/")) {
      if (!segment.isEmpty()) {
        request.getOptions().addUriPath(segment);
      }
    }
    return link.send(request, contact)
        .thenApply(
            outcome ->
                outcome instanceof DeviceLink.Outcome.Answered answered
                    && answered.response().isSuccess());
  }

  /** Any Server Account will do: the trigger is the client's, not the account's. */
  private String path(Contact contact) {
    Optional<ObjectLinks> known = links.find(contact.links());
    return known.map(ObjectLinks::rootPath).orElse("") + resource(known);
  }

  /** The Resource of a device with these object links, where they are known. */
  public static LwM2mPath resource(Optional<ObjectLinks> links) {
    int instance =
        links.stream()
            .flatMap(known -> known.instances().stream())
            .filter(path -> path.objectId() == SERVER)
            .mapToInt(LwM2mPath::instanceId)
            .findFirst()
            .orElse(0);
    return LwM2mPath.of(SERVER, instance, TRIGGER);
  }
}
