/**
 * Brings a registered device to the configuration that its owner wants, path by path: compare,
 * write where it differs, read back. Comes after {@code registration}, and again when a document
 * changes; leaves {@code CONFIGURED} and a drift report. Secrets are decrypted at the write alone.
 */
@NullMarked
package org.firstlight.dm.configuration;

import org.jspecify.annotations.NullMarked;
