package org.firstlight.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

/** Which module and package may know which: the directions that the design draws. */
final class ArchitectureRules {
  private static final String[] LEADS_TO_LESHAN = {
    "org.eclipse.leshan..", "org.eclipse.californium.."
  };

  static final ArchRule FLEET_KNOWS_ONLY_THE_JDK =
      classes()
          .that()
          .resideInAPackage("org.firstlight.fleet..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.firstlight.fleet..", "java..", "org.slf4j..", "org.jspecify..")
          .because("the words of the domain must outlive every library");

  static final ArchRule REDIS_KNOWS_ONLY_FLEET =
      noClasses()
          .that()
          .resideInAPackage("org.firstlight.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.firstlight.kit..",
              "org.firstlight.objects..",
              "org.firstlight.bootstrap..",
              "org.firstlight.dm..",
              "org.firstlight.cli..",
              "org.firstlight.simulator..",
              "org.eclipse..")
          .because("redis implements fleet's ports and nothing else");

  static final ArchRule JEDIS_IS_KNOWN_TO_REDIS_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.firstlight.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("redis.clients..")
          .because("state has ports in fleet");

  static final ArchRule BOOTSTRAP_SERVER_DOES_NOT_KNOW_DM_SERVER =
      noClasses()
          .that()
          .resideInAPackage("org.firstlight.bootstrap..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.firstlight.dm..", "org.firstlight.redis..", "org.firstlight.cli..")
          .because("the two servers meet in fleet and in Redis");

  static final ArchRule DM_SERVER_DOES_NOT_KNOW_BOOTSTRAP_SERVER =
      noClasses()
          .that()
          .resideInAPackage("org.firstlight.dm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.firstlight.bootstrap..", "org.firstlight.redis..", "org.firstlight.cli..")
          .because("the two servers meet in fleet and in Redis");

  static final ArchRule LESHAN_STAYS_AT_THE_EDGE =
      noClasses()
          .that()
          .resideInAPackage("org.firstlight..")
          .and()
          .resideOutsideOfPackages(
              "org.firstlight.objects..",
              "org.firstlight.kit.coap..",
              "org.firstlight.kit.dtls..",
              "org.firstlight.simulator..",
              "..transport..",
              "..trust..",
              "..session..",
              "..enrolment..",
              "..registration..",
              "..presence..",
              "..observation..",
              "..operation..",
              "..delivery..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LEADS_TO_LESHAN)
          .because("a milestone's packages move; ours do not");

  static final ArchRule HTTP_STAYS_AT_THE_EDGE =
      noClasses()
          .that()
          .resideInAPackage("org.firstlight..")
          .and()
          .resideOutsideOfPackages("..api..", "org.firstlight.kit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
          .because("one route table, in one place");

  static final ArchRule THE_PLATFORM_CANNOT_OPEN_A_SUBSCRIPTION =
      noClasses()
          .that()
          .resideInAPackage("org.firstlight..")
          .and()
          .resideOutsideOfPackages("org.firstlight.simulator.euicc..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "org\\.bouncycastle\\.cms\\.(.*\\.)?(Jce|Bc)?(KeyAgree|KeyTrans|Kek|Password).*Recipient"
                  + "(Id|Information)?|org\\.bouncycastle\\.cms\\.RecipientInformation.*")
          .because("only the eUICC's key opens a sealed subscription");

  private ArchitectureRules() {}
}
