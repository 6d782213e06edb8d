package org.firstlight.bootstrap.main;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.firstlight.fleet.trust.UnprovenAuthority;
import org.firstlight.kit.pki.Certificates;

/** What a test wants in a manufacturer's record: active, by CN, and without intermediates. */
record Maker(
    String id,
    List<FactoryCa> cas,
    State state,
    IdentityRule rule,
    Map<String, String> endpointNames,
    int depth,
    List<String> deniedKeys,
    List<String> hardwareTypes,
    boolean proven) {
  static Maker of(String id, FactoryCa... cas) {
    return new Maker(
        id,
        List.of(cas),
        State.ACTIVE,
        IdentityRule.COMMON_NAME,
        Map.of(),
        0,
        List.of(),
        List.of(),
        true);
  }

  Maker in(State other) {
    return new Maker(id, cas, other, rule, endpointNames, depth, deniedKeys, hardwareTypes, proven);
  }

  Maker by(IdentityRule other) {
    return new Maker(
        id, cas, state, other, endpointNames, depth, deniedKeys, hardwareTypes, proven);
  }

  Maker naming(String factoryId, String endpointName) {
    return new Maker(
        id,
        cas,
        state,
        rule,
        Map.of(factoryId, endpointName),
        depth,
        deniedKeys,
        hardwareTypes,
        proven);
  }

  Maker with(int intermediates) {
    return new Maker(
        id, cas, state, rule, endpointNames, intermediates, deniedKeys, hardwareTypes, proven);
  }

  Maker denying(X509Certificate... certificates) {
    return new Maker(
        id,
        cas,
        state,
        rule,
        endpointNames,
        depth,
        Stream.of(certificates).map(Certificates::keySha256).toList(),
        hardwareTypes,
        proven);
  }

  Maker making(String... types) {
    return new Maker(
        id, cas, state, rule, endpointNames, depth, deniedKeys, List.of(types), proven);
  }

  Maker unproven() {
    return new Maker(id, cas, state, rule, endpointNames, depth, deniedKeys, hardwareTypes, false);
  }

  Manufacturer record() {
    List<UnprovenAuthority> unproven =
        proven
            ? List.of()
            : cas.stream()
                .map(ca -> Certificates.keySha256(ca.certificate()))
                .map(key -> new UnprovenAuthority(key, "challenge", Instant.now()))
                .toList();
    return new Manufacturer(
        id,
        id,
        state,
        cas.stream().map(FactoryCa::pem).toList(),
        rule,
        "urn:%s:".formatted(id),
        endpointNames,
        depth,
        deniedKeys,
        unproven,
        List.of(),
        hardwareTypes,
        List.of());
  }
}
