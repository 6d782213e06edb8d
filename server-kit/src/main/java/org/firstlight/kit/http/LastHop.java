package org.firstlight.kit.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * The address that a request came from is what the proxy before us has seen: the last entry of
 * {@code X-Forwarded-For}. What stands before it, and {@code Forwarded}, is whatever the client
 * wrote, and believed by nobody.
 */
final class LastHop implements HttpConfiguration.Customizer {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
  private static final Pattern IPV4 =
      Pattern.compile("(%1$s\\.%1$s\\.%1$s\\.%1$s)(:[0-9]{1,5})?".formatted(OCTET));
  private static final Pattern IPV6 =
      Pattern.compile("\\[?([0-9a-fA-F:]*:[0-9a-fA-F:.]*)(]?|]:[0-9]{1,5})");

  @Override
  public Request customize(Request request, HttpFields.Mutable answer) {
    List<String> hops = request.getHeaders().getCSV("X-Forwarded-For", false);
    Optional<InetAddress> last =
        hops.isEmpty() ? Optional.empty() : literal(hops.get(hops.size() - 1));
    return last.<Request>map(address -> from(request, address)).orElse(request);
  }

  /** Never looks a name up. */
  static Optional<InetAddress> literal(String text) {
    var four = IPV4.matcher(text);
    var six = IPV6.matcher(text);
    String bare = four.matches() ? four.group(1) : six.matches() ? six.group(1) : "";
    try {
      return bare.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(bare));
    } catch (UnknownHostException none) {
      return Optional.empty();
    }
  }

  private static Request from(Request request, InetAddress address) {
    ConnectionMetaData seen =
        new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
          @Override
          public SocketAddress getRemoteSocketAddress() {
            return new InetSocketAddress(address, 0);
          }
        };
    return new Request.Wrapper(request) {
      @Override
      public ConnectionMetaData getConnectionMetaData() {
        return seen;
      }
    };
  }
}
