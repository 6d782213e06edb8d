/**
 * Sealed subscriptions as the platform sees them: their header, signature and dates, never what is
 * inside; there is no code here that could open one. Import checks a package before it is kept, the
 * receipt is checked when the device's eUICC has answered.
 *
 * <p>The form, all DER. A package is a {@code ContentInfo} with {@code SignedData} by the
 * operator's P-256 key (ECDSA with SHA-256, one signer, its certificate and intermediates inside).
 * {@code eContentType} is id-ct-authEnvelopedData, and the {@code eContent} octets are the {@code
 * AuthEnvelopedData} itself, not a {@code ContentInfo} around it. {@code SubscriptionHeader} stands
 * twice, byte for byte the same: as signed attribute {@link
 * org.firstlight.kit.subscription.SubscriptionFormat#HEADER_ATTRIBUTE} of the signer, and as the
 * attribute of that type in the {@code authAttrs} of the {@code AuthEnvelopedData}, which are its
 * additional authenticated data (RFC 5083 §2.2). A receipt is {@code SignedData} by the eUICC's
 * signing key over a {@code Receipt} of type {@link
 * org.firstlight.kit.subscription.SubscriptionFormat#RECEIPT_CONTENT}.
 */
@NullMarked
package org.firstlight.kit.subscription;

import org.jspecify.annotations.NullMarked;
