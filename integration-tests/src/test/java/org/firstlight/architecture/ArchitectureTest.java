package org.firstlight.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static JavaClasses ours;

  @BeforeAll
  static void read_every_class_of_the_project() {
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.firstlight");
  }

  static Stream<ArchRule> rules() {
    return Stream.of(
        ArchitectureRules.FLEET_KNOWS_ONLY_THE_JDK,
        ArchitectureRules.REDIS_KNOWS_ONLY_FLEET,
        ArchitectureRules.JEDIS_IS_KNOWN_TO_REDIS_ALONE,
        ArchitectureRules.BOOTSTRAP_SERVER_DOES_NOT_KNOW_DM_SERVER,
        ArchitectureRules.DM_SERVER_DOES_NOT_KNOW_BOOTSTRAP_SERVER,
        ArchitectureRules.LESHAN_STAYS_AT_THE_EDGE,
        ArchitectureRules.HTTP_STAYS_AT_THE_EDGE,
        ArchitectureRules.THE_PLATFORM_CANNOT_OPEN_A_SUBSCRIPTION);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void the_directions_between_modules_hold(ArchRule rule) {
    rule.check(ours);
  }

  @Test
  void every_module_is_looked_at() {
    assertThat(ours.stream().map(type -> type.getPackageName().split("\\.")[2]).distinct())
        .contains("fleet", "objects", "redis", "kit", "bootstrap", "dm", "simulator", "cli");
  }

  /** Each rule must see the fault that it is there for. */
  @ParameterizedTest
  @MethodSource("rules")
  void a_forbidden_import_is_seen(ArchRule rule) {
    JavaClasses offenders =
        new ClassFileImporter()
            .importClasses(
                org.firstlight.fleet.offender.KnowsRedis.class,
                org.firstlight.redis.offender.KnowsPaths.class,
                org.firstlight.bootstrap.offender.KnowsRedis.class,
                org.firstlight.dm.offender.KnowsRedis.class,
                org.firstlight.dm.offender.KnowsLeshan.class,
                org.firstlight.dm.offender.KnowsJavalin.class,
                org.firstlight.dm.offender.OpensSubscriptions.class);
    assertThatThrownBy(() -> rule.check(offenders)).isInstanceOf(AssertionError.class);
  }
}
