package org.firstlight.simulator.objects;

import java.util.Arrays;
import java.util.Collection;
import org.eclipse.leshan.client.resource.LwM2mObjectEnabler;
import org.eclipse.leshan.client.util.LinkFormatHelper;
import org.eclipse.leshan.core.link.lwm2m.LwM2mLink;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributes;
import org.eclipse.leshan.core.node.LwM2mPath;

/** Link descriptions whose Bootstrap-Discover names the release the device really speaks. */
final class DeviceLinks extends LinkFormatHelper {
  DeviceLinks(LwM2mRelease release) {
    super(release.leshan());
  }

  @Override
  public LwM2mLink[] getBootstrapClientDescription(Collection<LwM2mObjectEnabler> enablers) {
    return withRelease(super.getBootstrapClientDescription(enablers));
  }

  @Override
  public LwM2mLink[] getBootstrapObjectDescription(LwM2mObjectEnabler enabler) {
    return withRelease(super.getBootstrapObjectDescription(enabler));
  }

  private LwM2mLink[] withRelease(LwM2mLink[] links) {
    LwM2mLink[] corrected = Arrays.copyOf(links, links.length);
    corrected[0] =
        new LwM2mLink(
            "/",
            LwM2mPath.ROOTPATH,
            LwM2mAttributes.create(LwM2mAttributes.ENABLER_VERSION, version));
    return corrected;
  }
}
