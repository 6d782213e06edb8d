package org.firstlight.redis.backup;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;

/**
 * The kinds of record that a backup holds, one by one: who adds a kind decides here whether it may
 * be in a file that people carry about. PSKs and tenants' secrets may, for they are encrypted under
 * a key that is not in Redis, tokens are hashes, and passwords slow ones.
 */
final class BackedUpKinds {
  static final List<Kind<?>> ALL =
      List.of(
          Kinds.DEVICE,
          Kinds.SESSION,
          Kinds.SUBSCRIPTION,
          Kinds.PSK,
          Kinds.CERTIFICATE,
          Kinds.RAW_PUBLIC_KEY,
          Kinds.REVOKED_CERTIFICATE,
          Kinds.RENEWAL,
          Kinds.ENROLMENT,
          Kinds.CONFIGURATION_STATUS,
          Kinds.WRITTEN_SECRETS,
          Kinds.JOURNEY,
          Kinds.OBSERVED,
          Kinds.MANUFACTURER,
          Kinds.KEY_ALARM,
          Kinds.REVOCATION_STATUS,
          Kinds.REVOCATION_LIST,
          Kinds.PUBLISHED_LIST,
          Kinds.PUBLISHED_LIST_BYTES,
          Kinds.OCSP_STATUS,
          Kinds.TENANT,
          Kinds.TOKEN,
          Kinds.USER,
          Kinds.BROWSER_SESSION,
          Kinds.PLAN,
          Kinds.PLAN_REVISION,
          Kinds.CONFIGURATION,
          Kinds.CLAIM_PAGE,
          Kinds.DEVICE_PASS,
          Kinds.BY_EID,
          Kinds.BY_CLAIM_CODE,
          Kinds.BY_KEY,
          Kinds.BY_PACKAGE,
          Kinds.OBJECT_MODEL,
          Kinds.AUDIT);

  /**
   * What waited when the backup was made may have been sent since: a restore repeats none of it.
   * The bytes of a shipment list are a file of a node, and in no backup. DTLS connections may be
   * restored once, by the node that saved them.
   */
  static final List<Kind<?>> LEFT_OUT =
      List.of(Kinds.OPERATIONS, Kinds.SHIPMENT, Kinds.SAVED_CONNECTIONS);

  private static final Set<String> WORDS =
      ALL.stream().map(Kind::word).collect(Collectors.toUnmodifiableSet());

  /** Whether this field of a home's hash is of a kind that is left out. */
  static boolean isLeftOut(byte[] field) {
    String text = new String(field, StandardCharsets.UTF_8);
    return LEFT_OUT.stream().anyMatch(kind -> text.startsWith(kind.word() + ":"));
  }

  /**
   * @param field of a home's hash: "kind:id"
   * @throws BackupRefusedException if nobody has decided on its kind
   */
  static void check(byte[] field) {
    String text = new String(field, StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    if (!WORDS.contains(word)) {
      throw new BackupRefusedException(
          "there is a record of kind \"%s\", which this release does not know: use the one that wrote it"
              .formatted(word));
    }
  }

  private BackedUpKinds() {}
}
