package org.firstlight.kit.coap;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.est.CertificateRequest;
import org.firstlight.kit.est.EstMessages;
import org.firstlight.kit.pki.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * EST-coaps (RFC 9148): {@code crts}, and of {@code sen}, {@code sren} and {@code att} those that a
 * server has. {@code skg} and {@code skc} are 4.04: the platform never makes a key for EST.
 */
public final class EstResource extends CoapResource {
  /** RFC 9148 §9.1. */
  public static final int CERTS_ONLY = 281;

  public static final int CSR_ATTRIBUTES = 285;
  public static final int PKCS10 = 286;
  public static final int CERTIFICATE = 287;

  /** Issues a certificate to whom a connection has proven to be; answers from any thread. */
  public interface Issuing {
    CompletionStage<Outcome<X509Certificate>> issue(Asked asked);
  }

  /**
   * @param principal as the handshake proved it; null on plain coap
   * @param csr as it came, within {@link CertificateRequest#MOST_BYTES}
   */
  public record Asked(@Nullable Principal principal, String address, byte[] csr) {
    @Override
    public String toString() {
      return "Asked[" + address + "]";
    }
  }

  /**
   * @param authorities what devices are to trust
   * @param issuing by the name of the operation
   */
  public EstResource(Supplier<List<X509Certificate>> authorities, Map<String, Issuing> issuing) {
    super("est");
    add(new Documents("crts", CERTS_ONLY, () -> EstMessages.certsOnly(authorities.get())));
    issuing.forEach((name, how) -> add(new Enrolling(name, how)));
    if (issuing.containsKey("sen")) {
      add(new Documents("att", CSR_ATTRIBUTES, EstMessages::attributes));
    }
  }

  /** The same at both roots; {@code root} has a {@code .well-known} for discovery already. */
  public static void addTo(Resource root, Supplier<EstResource> est) {
    root.add(est.get());
    Resource wellKnown = root.getChild(".well-known");
    if (wellKnown == null) {
      throw new IllegalStateException("there is no .well-known");
    }
    wellKnown.add(est.get());
  }

  private static final class Documents extends CoapResource {
    private final int format;
    private final Supplier<byte[]> document;

    Documents(String name, int format, Supplier<byte[]> document) {
      super(name);
      this.format = format;
      this.document = document;
      getAttributes().addResourceType("ace.est." + name);
      getAttributes().addContentType(format);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      int accept = exchange.getRequestOptions().getAccept();
      if (accept != MediaTypeRegistry.UNDEFINED && accept != format) {
        exchange.respond(
            ResponseCode.NOT_ACCEPTABLE, "it is there in content format %d".formatted(format));
        return;
      }
      exchange.respond(ResponseCode.CONTENT, document.get(), format);
    }
  }

  private static final class Enrolling extends CoapResource {
    private final Issuing issuing;

    Enrolling(String name, Issuing issuing) {
      super(name);
      this.issuing = issuing;
      getAttributes().addResourceType("ace.est." + name);
      getAttributes().addContentType(CERTS_ONLY);
      getAttributes().addContentType(CERTIFICATE);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      int accept = exchange.getRequestOptions().getAccept();
      if (accept != MediaTypeRegistry.UNDEFINED && accept != CERTS_ONLY && accept != CERTIFICATE) {
        exchange.respond(
            ResponseCode.NOT_ACCEPTABLE,
            "certificates come in content format %d or %d".formatted(CERTS_ONLY, CERTIFICATE));
        return;
      }
      if (exchange.getRequestOptions().getContentFormat() != PKCS10) {
        exchange.respond(
            ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
            "content format %d is wanted".formatted(PKCS10));
        return;
      }
      byte[] csr = exchange.getRequestPayload();
      if (csr.length > CertificateRequest.MOST_BYTES) {
        exchange.respond(
            ResponseCode.REQUEST_ENTITY_TOO_LARGE,
            "more than %d bytes".formatted(CertificateRequest.MOST_BYTES));
        return;
      }
      Asked asked =
          new Asked(
              exchange.advanced().getRequest().getSourceContext().getPeerIdentity(),
              String.valueOf(exchange.getSourceSocketAddress()),
              csr);
      CompletionStage<Outcome<X509Certificate>> issued =
          CompletableFuture.completedStage(asked).thenCompose(issuing::issue);
      CoapAnswers.respondLater(
          exchange, issued.thenApply(outcome -> response(outcome, accept == CERTIFICATE)));
    }

    private static Response response(Outcome<X509Certificate> outcome, boolean plain) {
      if (outcome.refusal().isPresent()) {
        return CoapAnswers.refusal(outcome.refusal().get());
      }
      X509Certificate certificate = outcome.result().orElseThrow();
      Response response = new Response(ResponseCode.CHANGED);
      response.getOptions().setContentFormat(plain ? CERTIFICATE : CERTS_ONLY);
      response.setPayload(
          plain ? Certificates.der(certificate) : EstMessages.certsOnly(List.of(certificate)));
      return response;
    }
  }
}
