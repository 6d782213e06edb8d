package org.firstlight.dm.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.firstlight.dm.access.AccessPolicy.Action;
import org.firstlight.fleet.tenant.Tenant.Kind;
import org.firstlight.objects.path.LwM2mPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {

  private static boolean may(Kind kind, String path, Action action) {
    return AccessPolicy.refuse(kind, LwM2mPath.parse(path), action).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 11, 13, 504, 505, 3443})
  void a_service_provider_never_touches_these_at_any_level(int object) {
    for (String below : Set.of("", "/0", "/0/1", "/0/1/0", "/65534")) {
      for (Action action : Action.values()) {
        assertThat(may(Kind.SERVICE_PROVIDER, "/" + object + below, action))
            .as("%s /%d%s", action, object, below)
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = "PLATFORM_OPERATOR", mode = EnumSource.Mode.EXCLUDE)
  void the_root_is_nobodys_but_the_platforms(Kind kind) {
    for (Action action : Action.values()) {
      assertThat(may(kind, "/", action)).isFalse();
    }
  }

  @Test
  void a_service_provider_only_reads_which_network_is_used() {
    assertThat(may(Kind.SERVICE_PROVIDER, "/27/0", Action.READ)).isTrue();
    assertThat(may(Kind.SERVICE_PROVIDER, "/10479/0/4", Action.READ)).isTrue();
    assertThat(may(Kind.SERVICE_PROVIDER, "/27/0/1", Action.WRITE)).isFalse();
    assertThat(may(Kind.SERVICE_PROVIDER, "/10479/0/9", Action.EXECUTE)).isFalse();
  }

  @Test
  void a_service_provider_reboots_a_device_and_never_resets_it() {
    assertThat(may(Kind.SERVICE_PROVIDER, "/3/0/4", Action.EXECUTE)).isTrue();
    assertThat(may(Kind.SERVICE_PROVIDER, "/3/0/5", Action.EXECUTE)).isFalse();
  }

  @Test
  void a_mobile_operator_never_touches_third_parties_objects() {
    assertThat(may(Kind.MOBILE_OPERATOR, "/505/0/26241", Action.READ)).isTrue();
    assertThat(may(Kind.MOBILE_OPERATOR, "/13/0/6", Action.WRITE)).isTrue();
    assertThat(may(Kind.MOBILE_OPERATOR, "/19/0/0/0", Action.READ)).isFalse();
    assertThat(may(Kind.MOBILE_OPERATOR, "/3303", Action.READ)).isFalse();
    assertThat(may(Kind.MOBILE_OPERATOR, "/0/1/5", Action.READ)).isFalse();
  }

  @Test
  void a_refusal_names_the_path_and_says_why() {
    assertThat(AccessPolicy.refuse(Kind.SERVICE_PROVIDER, LwM2mPath.parse("/11/0/1"), Action.WRITE))
        .hasValueSatisfying(
            failure ->
                assertThat(failure.reason())
                    .isEqualTo("/11/0/1: a service provider never touches object 11"));
  }
}
