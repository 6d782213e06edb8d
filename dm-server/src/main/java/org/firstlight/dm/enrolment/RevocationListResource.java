package org.firstlight.dm.enrolment;

import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.firstlight.dm.certificate.RevocationListView;
import org.firstlight.dm.certificate.RevocationListView.Copy;

/**
 * {@code GET /crl}: the operational CA's CRL for devices, in DER, block by block (RFC 7959). CoAP
 * has no content format of its own for a CRL: it is an octet stream. The ETag spares one that knows
 * the newest already.
 */
public final class RevocationListResource extends CoapResource {
  private static final int ETAG_BYTES = 8;
  private static final Duration LONGEST_AGE = Duration.ofHours(1);

  private final RevocationListView lists;
  private final Clock clock;

  public RevocationListResource(RevocationListView lists, Clock clock) {
    super("crl");
    this.lists = lists;
    this.clock = clock;
    getAttributes().setTitle("CRL of the operational CA");
    getAttributes().addContentType(MediaTypeRegistry.APPLICATION_OCTET_STREAM);
  }

  @Override
  public void handleGET(CoapExchange exchange) {
    int accept = exchange.getRequestOptions().getAccept();
    if (accept != MediaTypeRegistry.UNDEFINED
        && accept != MediaTypeRegistry.APPLICATION_OCTET_STREAM) {
      exchange.respond(ResponseCode.NOT_ACCEPTABLE, "it is there in content format 42");
      return;
    }
    Optional<Copy> current = lists.current();
    if (current.isEmpty()) {
      exchange.setMaxAge(1);
      exchange.respond(ResponseCode.SERVICE_UNAVAILABLE, "there is no CRL yet");
      return;
    }
    exchange.respond(response(exchange, current.get()));
  }

  private Response response(CoapExchange exchange, Copy copy) {
    byte[] etag = HexFormat.of().parseHex(copy.list().sha256().substring(0, 2 * ETAG_BYTES));
    boolean known = exchange.getRequestOptions().containsETag(etag);
    Response response = new Response(known ? ResponseCode.VALID : ResponseCode.CONTENT);
    response.getOptions().addETag(etag);
    response.getOptions().setMaxAge(maxAge(copy));
    if (!known) {
      response.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_OCTET_STREAM);
      response.setPayload(copy.der());
    }
    return response;
  }

  private long maxAge(Copy copy) {
    Duration left = Duration.between(clock.instant(), copy.list().nextUpdate());
    return Math.max(0, Math.min(left.toSeconds(), LONGEST_AGE.toSeconds()));
  }
}
