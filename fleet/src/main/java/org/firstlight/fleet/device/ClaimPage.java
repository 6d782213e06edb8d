package org.firstlight.fleet.device;

import java.util.List;
import java.util.Optional;

/**
 * What end users of a service provider choose from when they claim a device.
 *
 * @param tenant id of the service provider, which owns what is claimed there
 * @param title as the page greets
 * @param offers at most one of each country
 */
public record ClaimPage(String id, String tenant, String title, List<CountryOffer> offers) {
  /**
   * @param country where a device may work, ISO 3166-1 alpha-2
   */
  public record CountryOffer(String country, List<CoverageOffer> coverages) {
    public CountryOffer {
      coverages = List.copyOf(coverages);
    }
  }

  /** How far a device is to get, as "at home" or "abroad too". */
  public record CoverageOffer(String id, String name, List<PlanOffer> plans) {
    public CoverageOffer {
      plans = List.copyOf(plans);
    }
  }

  /**
   * @param plmns what becomes the device's preferred PLMNs, MCC and MNC digits, best first
   */
  public record PlanOffer(String id, String name, List<String> plmns) {
    public PlanOffer {
      plmns = List.copyOf(plmns);
    }
  }

  public ClaimPage {
    offers = List.copyOf(offers);
  }

  /** The plan that was answered with; empty if it is not offered. */
  public Optional<PlanOffer> chosen(ClaimAnswers answers) {
    return offers.stream()
        .filter(offer -> offer.country().equals(answers.country()))
        .flatMap(offer -> offer.coverages().stream())
        .filter(coverage -> coverage.id().equals(answers.coverage()))
        .flatMap(coverage -> coverage.plans().stream())
        .filter(plan -> plan.id().equals(answers.servicePlan()))
        .findFirst();
  }
}
