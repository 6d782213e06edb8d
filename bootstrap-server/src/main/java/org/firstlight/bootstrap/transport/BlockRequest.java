package org.firstlight.bootstrap.transport;

import java.util.Optional;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.jspecify.annotations.Nullable;

/** One block of a write that we cut ourselves, and the device's word on its size. */
final class BlockRequest extends DownlinkRequest {
  private volatile @Nullable BlockOption acknowledged;

  BlockRequest(Code code) {
    super(code);
  }

  void acknowledged(BlockOption block) {
    acknowledged = block;
  }

  /** Block1 of the response, with the size that the device wants from here on. */
  Optional<BlockOption> acknowledged() {
    return Optional.ofNullable(acknowledged);
  }
}
