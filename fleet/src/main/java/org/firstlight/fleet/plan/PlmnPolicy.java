package org.firstlight.fleet.plan;

import java.util.List;

/**
 * A mobile operator's list of networks, best first.
 *
 * @param plmns MCC and MNC digits, 5 or 6 of them
 * @param exclusive whether networks outside the list are forbidden (/13/0/7)
 */
public record PlmnPolicy(List<String> plmns, boolean exclusive) {
  public PlmnPolicy {
    plmns = List.copyOf(plmns);
    for (String plmn : plmns) {
      if (!plmn.matches("[0-9]{5,6}")) {
        throw new IllegalArgumentException("a PLMN is 5 or 6 digits, MCC and MNC");
      }
    }
  }
}
