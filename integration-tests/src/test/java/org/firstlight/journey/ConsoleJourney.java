package org.firstlight.journey;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.firstlight.fleet.state.Shard;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A person at the console, in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleJourney {
  private World world;
  private ConsoleBrowser browser;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    ConsoleBrowser.assumeInstalled();
    world = World.ready(folder, 6);
    browser = new ConsoleBrowser();
  }

  @AfterAll
  void end() {
    if (browser != null) {
      browser.close();
    }
    if (world != null) {
      world.close();
    }
  }

  @Test
  void a_person_signs_in_sees_a_device_arrive_and_opens_its_timeline() throws Exception {
    Page page = browser.signedIn(world, 1280, 800);
    assertThat(page.getByTestId("live-status")).hasAttribute("data-state", "live");
    assertThat(page.url()).doesNotContain("code=");
    page.evaluate("() => { window.neverReloaded = true }");
    ShippedDevice shipped = world.device(0);
    String name = shipped.endpointName().value();
    Locator row = page.locator("[data-testid=fleet-row][data-endpoint='" + name + "']");
    assertThat(row).hasAttribute("data-state", "EXPECTED");

    // it arrives while somebody looks
    for (int i = 0; i < 4; i++) {
      world.cast().claim(world.device(i), "26201");
    }
    assertThat(row).hasAttribute("data-state", "CLAIMED");
    for (int i = 0; i < 3; i++) {
      world.unpack(world.device(i)).switchOn();
    }
    assertThat(row).hasAttribute("data-state", "CONFIGURED");
    for (int i = 1; i < 3; i++) {
      world.awaitState(world.device(i).endpointName().value(), "CONFIGURED");
    }
    assertThat(page.locator("[data-testid=fleet-row][data-state=CONFIGURED]")).hasCount(3);
    assertThat((Boolean) page.evaluate("() => window.neverReloaded === true")).isTrue();
    ConsoleBrowser.screen(page, "fleet.png");

    // one device, with the timeline of its journey
    row.getByRole(AriaRole.LINK).click();
    assertThat(page.getByTestId("device-name")).hasText(name);
    assertThat(page.getByTestId("device-state")).hasAttribute("data-state", "CONFIGURED");
    for (String step :
        List.of(
            "handshake",
            "admission",
            "plan",
            "enrolment",
            "bootstrap",
            "subscription",
            "register",
            "configuration")) {
      assertThat(page.locator("[data-testid=timeline-step][data-step=" + step + "]"))
          .hasAttribute("data-status", "ok");
    }
    ConsoleBrowser.screen(page, "device.png");

    page.getByTestId("tab-objects").click();
    assertThat(page.getByTestId("object").first()).isVisible();
    page.getByTestId("tab-configuration").click();
    assertThat(page.getByTestId("configuration-path")).hasCount(2);
    assertThat(page.content()).doesNotContain(HexFormat.of().formatHex(world.cloudCredential()));

    // a record that nobody can read is told of, and let go
    String damaged = world.device(5).endpointName().value();
    String records = "fl:{%s}:r:%s".formatted(Shard.word(Shard.of(damaged)), damaged);
    world.redis().cli("hset", records, "jrn:" + damaged, "nonsense");
    assertThat(page.getByTestId("to-set-aside")).hasCount(0);
    page.navigate(
        world.httpUri() + "/#/devices/" + URLEncoder.encode(damaged, StandardCharsets.UTF_8));
    page.getByTestId("to-set-aside").click();
    assertThat(page.getByTestId("set-aside")).containsText(damaged);
    ConsoleBrowser.screen(page, "set-aside.png");
    page.getByTestId("discard").click();
    page.getByTestId("discard-for-good").click();
    assertThat(page.getByTestId("set-aside")).hasCount(0);

    manufacturerWithAnotherCa(page);
    itsShipment(page);
    auditOfThat(page);
    whatItWouldBeGiven(page, name);

    assertThat((Boolean) page.evaluate("() => window.neverReloaded === true")).isTrue();
    assertThat(browser.complaints()).as("errors and policy violations in the browser").isEmpty();
  }

  /** What a manufacturer, an owner or a device says is text, wherever it is shown. */
  @Test
  void what_others_say_is_shown_and_never_run() throws Exception {
    String evil = "<img src=x onerror=window.hacked=1>{{constructor}}\u202e";
    String quoted = "\"'><svg onload=window.hacked=1>javascript:window.hacked=1";
    Api administrator = world.cast().administrator();
    String maker = administrator.get("/manufacturers").at("/items/0/id").asText();
    JsonNode known = administrator.get("/manufacturers/" + maker);
    administrator
        .put("/manufacturers/" + maker, ((ObjectNode) known.deepCopy()).put("name", evil))
        .done();
    String factoryId = known.path("namespace").asText() + "evil1";
    administrator
        .postLines(
            "/devices",
            new ObjectMapper()
                .createObjectNode()
                .put("endpointName", factoryId)
                .put("manufacturer", maker)
                .put("factoryId", factoryId)
                .put("model", evil)
                .put("serialNumber", quoted)
                .toString())
        .done();
    administrator.put("/tenants/evil", Map.of("name", quoted, "kind", "SERVICE_PROVIDER")).done();
    administrator
        .put(
            "/onboarding-plans/evil",
            Map.of("account", Map.of(), "models", List.of(evil), "comment", quoted))
        .done();
    administrator
        .put(
            "/claim-pages/evil",
            Map.of(
                "tenant",
                "evil",
                "title",
                evil,
                "offers",
                List.of(
                    Map.of(
                        "country",
                        "DE",
                        "coverages",
                        List.of(
                            Map.of(
                                "id",
                                "c",
                                "name",
                                quoted,
                                "plans",
                                List.of(Map.of("id", "p", "name", evil, "plmns", List.of()))))))))
        .done();
    Page page = browser.signedIn(world, 1280, 800);
    page.onDialog(dialog -> browser.complaints().add("a dialog: " + dialog.message()));
    for (String screen :
        List.of(
            "/fleet",
            "/devices/" + URLEncoder.encode(factoryId, StandardCharsets.UTF_8),
            "/manufacturers",
            "/plans",
            "/plans/evil",
            "/claim/evil",
            "/tenants",
            "/audit")) {
      page.navigate(world.httpUri() + "/#" + screen);
      Locator shown =
          page.getByText(screen.equals("/audit") ? "onboarding-plan.put" : "window.hacked=1");
      assertThat(shown.first()).isVisible();
      assertThat(page.locator("img[src=x], svg[onload]")).hasCount(0);
      assertThat((Boolean) page.evaluate("() => window.hacked === undefined")).isTrue();
    }
    administrator.put("/manufacturers/" + maker, ((ObjectNode) known.deepCopy())).done();
    administrator.delete("/onboarding-plans/evil");
    assertThat(browser.complaints()).as("errors and policy violations in the browser").isEmpty();
  }

  /** A plan is tried on a device, changed, and compared with what it was. */
  private void whatItWouldBeGiven(Page page, String name) {
    page.navigate(
        world.httpUri() + "/#/devices/" + URLEncoder.encode(name, StandardCharsets.UTF_8));
    page.getByTestId("to-dry-run").click();
    assertThat(page.getByTestId("dry-run-outcome")).containsText("It would be written");
    assertThat(page.getByTestId("dry-run-write").first()).containsText("/0/1");
    page.getByTestId("plan-row").first().getByRole(AriaRole.LINK).click();
    page.getByTestId("edit-plan").click();
    Locator document = page.getByTestId("plan-document");
    document.fill(document.inputValue().replaceFirst("\"priority\": \\d+", "\"priority\": 7"));
    page.getByTestId("plan-comment").fill("before the others");
    page.getByTestId("save-plan").click();
    assertThat(page.getByTestId("plan-version")).hasCount(2);
    assertThat(page.getByTestId("plan-version").first()).containsText("before the others");
    assertThat(page.getByTestId("plan-difference")).hasCount(1);
    assertThat(page.getByTestId("plan-difference")).containsText("priority");
    ConsoleBrowser.screen(page, "plan.png");
  }

  @Test
  void who_came_by_a_code_becomes_a_user_and_signs_in_by_password() {
    Page page = browser.signedIn(world, 1280, 800);
    page.getByTestId("to-users").click();
    page.getByTestId("add-user").click();
    page.getByTestId("user-id").fill("anna@example.com");
    page.getByTestId("user-name").fill("Anna Berg");
    page.getByTestId("role-ADMINISTRATOR").check();
    page.getByTestId("save-user").click();
    assertThat(page.getByTestId("invitation-link")).containsText("#/sign-in?code=");
    page.getByTestId("become").click();

    // the invitation leads to a password
    assertThat(page.getByTestId("password-form")).isVisible();
    String password = "seven brown foxes";
    page.getByTestId("new-password").fill(password);
    page.getByTestId("new-password-again").fill(password);
    page.getByTestId("save-password").click();
    assertThat(page.getByTestId("password-saved")).isVisible();
    ConsoleBrowser.screen(page, "account.png");

    page.getByTestId("sign-out").click();
    page.getByTestId("sign-in-name").fill("Anna@Example.com");
    page.getByTestId("sign-in-password").fill(password);
    page.getByTestId("sign-in-submit").click();
    assertThat(page.getByTestId("live-status")).hasAttribute("data-state", "live");
    assertThat(page.getByTestId("to-account")).containsText("Anna Berg");
    page.getByTestId("to-users").click();
    assertThat(page.getByTestId("user")).hasCount(1);
    ConsoleBrowser.screen(page, "users.png");
  }

  @Test
  void tenant_is_made_changed_and_deleted_and_one_that_owns_something_stays() {
    Page page = browser.signedIn(world, 1280, 800);
    page.getByTestId("to-tenants").click();
    page.getByTestId("add-tenant").click();
    page.getByTestId("tenant-id").fill("south");
    page.getByTestId("tenant-name").fill("South Mobile");
    page.getByTestId("kind-MOBILE_OPERATOR").check();
    page.getByTestId("tenant-operator-id").fill("south-mobile");
    page.getByTestId("tenant-plmns").fill("26207, 2");
    page.getByTestId("save-tenant").click();
    assertThat(page.getByTestId("error-note")).containsText("plmn");
    page.getByTestId("tenant-plmns").fill("26207, 26208");
    page.getByTestId("tenant-exclusive").check();
    page.getByTestId("save-tenant").click();
    Locator south = page.locator("[data-testid=tenant][data-id=south]");
    assertThat(south).containsText("26207 26208 only");

    south.getByTestId("edit-tenant").click();
    assertThat(page.getByTestId("tenant-id")).isDisabled();
    page.getByTestId("tenant-name").fill("South & Sons");
    page.getByTestId("save-tenant").click();
    assertThat(south).containsText("South & Sons");
    ConsoleBrowser.screen(page, "tenants.png");

    south.getByTestId("delete-tenant").click();
    south.getByTestId("really-delete-tenant").click();
    assertThat(south).hasCount(0);
    Locator provider = page.locator("[data-testid=tenant][data-id=" + Cast.PROVIDER + "]");
    provider.getByTestId("delete-tenant").click();
    provider.getByTestId("really-delete-tenant").click();
    assertThat(page.getByTestId("error-note")).isVisible();
    assertThat(provider).isVisible();
    page.setViewportSize(390, 844);
    assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .isTrue();
    ConsoleBrowser.screen(page, "tenants-phone.png");
  }

  /** A CA that a person adds vouches for devices once that person has given what it signed. */
  private static void manufacturerWithAnotherCa(Page page) {
    Authority authority = Authority.create("Globex device CA", Instant.now());
    page.getByTestId("to-manufacturers").click();
    page.getByTestId("add-manufacturer").click();
    page.getByTestId("manufacturer-id").fill("globex");
    page.getByTestId("manufacturer-name").fill("Globex");
    page.getByTestId("manufacturer-namespace").fill("urn:dev:ops:00005E-GLX-");
    page.getByTestId("manufacturer-anchors").fill(PemFiles.toPem(authority.certificate()));
    page.getByTestId("manufacturer-lists").fill("http://127.0.0.1:9/globex.crl 6");
    page.getByTestId("save-manufacturer").click();
    Locator globex = page.locator("[data-testid=manufacturer][data-id=globex]");
    Locator ca = globex.getByTestId("authority");
    assertThat(ca).hasAttribute("data-standing", "UNPROVEN");
    assertThat(globex.getByTestId("revocation-list")).hasAttribute("data-standing", "MISSING");
    assertThat(globex.getByTestId("revocation-fault")).containsText("cannot be reached");
    ConsoleBrowser.screen(page, "manufacturers.png");

    String challenge = globex.getByTestId("challenge").textContent();
    globex.getByTestId("proof").fill(authority.proof(challenge, Instant.now()));
    globex.getByTestId("prove").click();
    assertThat(ca).hasAttribute("data-standing", "PROVEN");

    globex.getByTestId("suspend").click();
    globex.getByTestId("suspend-all").click();
    assertThat(globex).containsText("Suspended");
    globex.getByTestId("resume").click();
    assertThat(globex).containsText("Trusted");
  }

  /** A list with a good line and a bad one, and what became of each. */
  private static void itsShipment(Page page) throws Exception {
    String id = "urn:dev:ops:00005E-GLX-1";
    String line =
        """
        {"endpointName":"%1$s","manufacturer":"globex","factoryId":"%1$s","model":"g","serialNumber":"1"}
        no line
        """
            .formatted(id);
    page.getByTestId("to-shipments").click();
    page.getByTestId("shipment-manufacturer").selectOption("globex");
    page.getByTestId("shipment-file")
        .setInputFiles(
            new FilePayload(
                "list.ndjson", "application/x-ndjson", line.getBytes(StandardCharsets.UTF_8)));
    page.getByTestId("bring-shipment").click();
    Locator list = page.getByTestId("shipment");
    assertThat(list).hasAttribute("data-state", "DONE");
    assertThat(list).containsText("1 new");
    assertThat(list).containsText("1 refused");
    ConsoleBrowser.screen(page, "shipments.png");
    Path report = page.waitForDownload(() -> page.getByTestId("shipment-report").click()).path();
    assertThat(Files.readAllLines(report)).hasSize(2).first().asString().contains("\"line\":2");
  }

  /** What was done is in the book, and in the file that it is exported to. */
  private static void auditOfThat(Page page) throws Exception {
    page.getByTestId("to-audit").click();
    Locator act = page.getByTestId("act").filter(new Locator.FilterOptions().setHasText("globex"));
    assertThat(act.first()).containsText("manufacturer.put");
    assertThat(act.first()).containsText("from 127.0.0.1");
    ConsoleBrowser.screen(page, "audit.png");

    page.getByTestId("audit-target").fill("globex");
    page.getByTestId("look-up").click();
    assertThat(page.getByTestId("act").filter(new Locator.FilterOptions().setHasNotText("globex")))
        .hasCount(0);
    Path exported = page.waitForDownload(() -> page.getByTestId("export-audit").click()).path();
    assertThat(Files.readAllLines(exported))
        .hasSizeGreaterThan(1)
        .allSatisfy(
            line -> assertThat(line).containsAnyOf("\"target\":\"globex\"", "\"end\":true"));
  }
}
