package org.firstlight.fleet.trust;

import java.security.cert.X509Certificate;

/**
 * Who a device is by its factory certificate: proven at the handshake, carried by the connection.
 *
 * @param manufacturer id of the manufacturer whose anchor the chain ends at
 * @param id what that manufacturer's rule yields; unique within the manufacturer only
 */
public record FactoryIdentity(String manufacturer, String id, X509Certificate certificate) {}
