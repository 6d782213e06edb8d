package org.firstlight.dm.claim;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.device.ClaimPage;
import org.firstlight.fleet.device.ClaimPage.CountryOffer;
import org.firstlight.fleet.device.ClaimPage.CoverageOffer;
import org.firstlight.fleet.device.ClaimPage.PlanOffer;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Stored;

/** A claim page as its service provider writes it. */
public record ClaimPageDocument(
    Optional<String> id,
    Optional<Long> version,
    Optional<String> tenant,
    String title,
    List<CountryOffer> offers) {
  private static final int MOST_OF_EACH = 250;
  private static final int MOST_PLMNS = 20;
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  public static ClaimPageDocument of(Stored<ClaimPage> stored) {
    ClaimPage page = stored.value();
    return new ClaimPageDocument(
        Optional.of(page.id()),
        Optional.of(stored.version()),
        Optional.of(page.tenant()),
        page.title(),
        page.offers());
  }

  /**
   * Checks it whole.
   *
   * @param before the page as it is: its tenant never changes
   */
  public Outcome<ClaimPage> check(String pathId, Principal by, Optional<ClaimPage> before) {
    String whose = tenant.or(() -> before.map(ClaimPage::tenant)).orElse(by.tenant());
    if (!by.isAdministrator() && !whose.equals(by.tenant())) {
      return Outcome.refused(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    if (before.filter(page -> !page.tenant().equals(whose)).isPresent()) {
      return Outcome.refused(FailureCode.MALFORMED, "tenant: never changes");
    }
    return Texts.name("title", title)
        .or(() -> list("offers", offers, CountryOffer::country, this::fault))
        .<Outcome<ClaimPage>>map(why -> Outcome.refused(FailureCode.MALFORMED, why))
        .orElseGet(() -> Outcome.done(new ClaimPage(pathId, whose, title, offers)));
  }

  private Optional<String> fault(CountryOffer offer) {
    String at = "offers." + offer.country();
    return COUNTRIES.contains(offer.country())
        ? list(at, offer.coverages(), CoverageOffer::id, one -> fault(at, one))
        : Optional.of("offers: each country is an ISO 3166-1 alpha-2 code, as FR");
  }

  private Optional<String> fault(String country, CoverageOffer offer) {
    String at = country + "." + offer.id();
    return named(at, offer.id(), offer.name())
        .or(() -> list(at, offer.plans(), PlanOffer::id, one -> fault(at, one)));
  }

  private Optional<String> fault(String coverage, PlanOffer offer) {
    String at = coverage + "." + offer.id();
    boolean plmns =
        offer.plmns().size() <= MOST_PLMNS
            && offer.plmns().stream().allMatch(plmn -> plmn.matches("[0-9]{5,6}"))
            && Set.copyOf(offer.plmns()).size() == offer.plmns().size();
    return named(at, offer.id(), offer.name())
        .or(
            () ->
                plmns
                    ? Optional.empty()
                    : Optional.of(
                        at + ".plmns: up to 20, each MCC and MNC, 5 or 6 digits, none twice"));
  }

  private static Optional<String> named(String at, String id, String name) {
    return Texts.isId(id) ? Texts.name(at + ".name", name) : Optional.of(at + ".id: is no id");
  }

  private static <T> Optional<String> list(
      String at, List<T> all, Function<T, String> id, Function<T, Optional<String>> fault) {
    if (all.isEmpty() || all.size() > MOST_OF_EACH) {
      return Optional.of("%s: has 1 to %d choices".formatted(at, MOST_OF_EACH));
    }
    Set<String> seen = new HashSet<>();
    for (T one : all) {
      Optional<String> wrong =
          seen.add(id.apply(one))
              ? fault.apply(one)
              : Optional.of("%s: offers one thing twice".formatted(at));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }
}
