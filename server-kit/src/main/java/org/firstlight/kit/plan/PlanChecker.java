package org.firstlight.kit.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.objects.CheckResult;
import org.firstlight.objects.CheckResult.Violation;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** Checks a composed plan as a whole: it alone makes a {@link CheckedPlan}. */
final class PlanChecker {
  private static final int MOST_WRITES = 64;
  private static final int MOST_BYTES = 256 * 1024;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
  private static final int LARGEST_SERVER_ID = 65_534;

  /** Objects of which the plan makes whole instances, which must have what is mandatory. */
  private static final Set<Integer> WHOLE = Set.of(1, 11);

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  private final ObjectModels models;
  private final PlanDraft draft;
  private final List<String> faults;

  private PlanChecker(ObjectModels models, PlanDraft draft) {
    this.models = models;
    this.draft = draft;
    this.faults = new ArrayList<>(draft.faults());
  }

  static PlanOutcome check(ObjectModels models, PlanDraft draft) {
    List<String> faults = faults(models, draft);
    return faults.isEmpty()
        ? new PlanOutcome.Checked(new CheckedPlan(draft))
        : PlanOutcome.rejected(draft.source(), faults);
  }

  /** What is wrong with it, all of it, in words. */
  static List<String> faults(ObjectModels models, PlanDraft draft) {
    return new PlanChecker(models, draft).faults();
  }

  private List<String> faults() {
    account(draft.source().account());
    timing(draft.source().timing());
    values(draft.security());
    draft.writes().forEach(this::values);
    draft.writes().forEach(this::mandatory);
    sizes();
    return List.copyOf(faults);
  }

  private void account(ServerAccountPlan account) {
    if (account.shortServerId() < 1 || account.shortServerId() > LARGEST_SERVER_ID) {
      faults.add("short server id %d is outside 1..65534".formatted(account.shortServerId()));
    }
    if (account.securityInstanceId() == 0) {
      faults.add("/0/0 belongs to the bootstrap account");
    }
    if (account.lifetime().toSeconds() < 1) {
      faults.add("the account's lifetime is under a second");
    }
    uri(draft.serverUri());
  }

  private void uri(String text) {
    boolean plain = draft.source().credential() == CredentialKind.NO_SECURITY;
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null || !(plain ? "coap" : "coaps").equals(uri.getScheme())) {
        faults.add(
            plain
                ? "without security the server's URI is coap://127.0.0.1:port"
                : "the server's URI is not coaps://host:port");
      } else if (plain && !LOOPBACK.contains(uri.getHost())) {
        faults.add("without security the server is on this machine");
      }
    } catch (URISyntaxException malformed) {
      faults.add("the server's URI is malformed");
    }
  }

  private void timing(Timing timing) {
    if (timing.blockSize() < 16
        || timing.blockSize() > 1024
        || Integer.bitCount(timing.blockSize()) != 1) {
      faults.add("block size %d is not a power of two of 16..1024".formatted(timing.blockSize()));
    }
    if (timing.waitBeforeFirstWrite().isNegative()
        || timing.waitBeforeFirstWrite().compareTo(LONGEST_WAIT) > 0) {
      faults.add("the wait before the first write is over a minute");
    }
    if (timing.requestTimeout().toMillis() < 1
        || timing.requestTimeout().compareTo(LONGEST_TIMEOUT) > 0) {
      faults.add("the request timeout is not within 10 minutes");
    }
  }

  private void values(PlannedWrite write) {
    write
        .values()
        .forEach(
            (path, value) -> {
              CheckResult result = models.check(path, value);
              result.violation().map(Violation::message).ifPresent(faults::add);
            });
  }

  private void mandatory(PlannedWrite write) {
    LwM2mPath path = write.path();
    if (!WHOLE.contains(path.objectId())) {
      return;
    }
    models.find(path.objectId()).orElseThrow().resources().values().stream()
        .filter(resource -> resource.mandatory() && resource.operations().writable())
        .filter(resource -> !write.values().containsKey(path.child(resource.id())))
        .forEach(resource -> faults.add("%s lacks %s".formatted(path, path.child(resource.id()))));
  }

  private void sizes() {
    if (draft.writes().size() > MOST_WRITES) {
      faults.add("%d writes, %d are allowed".formatted(draft.writes().size(), MOST_WRITES));
    }
    long bytes =
        draft.writes().stream()
            .flatMap(write -> write.values().values().stream())
            .mapToLong(PlanChecker::size)
            .sum();
    if (bytes > MOST_BYTES) {
      faults.add("%d bytes to write, %d are allowed".formatted(bytes, MOST_BYTES));
    }
  }

  private static long size(TypedValue value) {
    if (value instanceof TypedValue.Bytes bytes) {
      return bytes.length();
    }
    return value instanceof TypedValue.Text text ? text.value().length() : 8;
  }
}
