package org.firstlight.kit.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Whom the platform believes about sealed subscriptions.
 *
 * @param subscriptionRoots {@code custody.subscriptionRoots}: PEM files; a package's operator must
 *     chain to one of them
 * @param euiccRoots {@code custody.euiccRoots}: PEM files; a receipt's eUICC must chain to one of
 *     them
 */
public record CustodyConfig(List<Path> subscriptionRoots, List<Path> euiccRoots) {
  public CustodyConfig {
    subscriptionRoots = List.copyOf(subscriptionRoots);
    euiccRoots = List.copyOf(euiccRoots);
  }
}
