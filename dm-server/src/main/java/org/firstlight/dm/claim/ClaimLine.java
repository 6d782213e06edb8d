package org.firstlight.dm.claim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.inventory.Tags;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.device.ClaimAnswers;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/**
 * One claim as it is asked for: the code from a box, and what is wanted.
 *
 * @param preferredPlmns MCC and MNC digits, best first, at most 20, none twice
 * @param country ISO 3166-1 alpha-2; comes with {@code coverage} and {@code servicePlan} or not at
 *     all
 */
public record ClaimLine(
    String code,
    Optional<List<String>> preferredPlmns,
    Optional<String> country,
    Optional<String> coverage,
    Optional<String> servicePlan,
    Optional<Set<String>> tags) {
  private static final int MOST_PLMNS = 20;
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  /** What it asks for; refused with a sentence that repeats nothing of the code. */
  public Outcome<ClaimWish> wish(String tenant) {
    return fault()
        .map(reason -> Outcome.<ClaimWish>refused(FailureCode.MALFORMED, reason))
        .orElseGet(
            () ->
                Outcome.done(
                    new ClaimWish(
                        tenant,
                        preferredPlmns.orElse(List.of()),
                        country.map(
                            where ->
                                new ClaimAnswers(
                                    where, coverage.orElseThrow(), servicePlan.orElseThrow())),
                        tags.orElse(Set.of()))));
  }

  private Optional<String> fault() {
    return ClaimCode.fault(code)
        .map(why -> "code: " + why)
        .or(this::plmnFault)
        .or(this::answerFault)
        .or(() -> tags.flatMap(Tags::fault));
  }

  private Optional<String> plmnFault() {
    List<String> plmns = preferredPlmns.orElse(List.of());
    boolean fine =
        plmns.size() <= MOST_PLMNS
            && plmns.stream().allMatch(one -> one != null && one.matches("[0-9]{5,6}"))
            && Set.copyOf(plmns).size() == plmns.size();
    return fine
        ? Optional.empty()
        : Optional.of(
            "preferredPlmns: are up to 20, each MCC and MNC, 5 or 6 digits, and none twice");
  }

  private Optional<String> answerFault() {
    if (country.isEmpty() && coverage.isEmpty() && servicePlan.isEmpty()) {
      return Optional.empty();
    }
    if (country.filter(COUNTRIES::contains).isEmpty()) {
      return Optional.of("country: is an ISO 3166-1 alpha-2 code, as FR");
    }
    boolean named =
        coverage.filter(Texts::isId).isPresent() && servicePlan.filter(Texts::isId).isPresent();
    return named
        ? Optional.empty()
        : Optional.of("coverage, servicePlan: come with country, each the id of what was chosen");
  }

  @Override
  public String toString() {
    return "ClaimLine[]";
  }
}
