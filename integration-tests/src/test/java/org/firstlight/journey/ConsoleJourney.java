package org.firstlight.journey;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.firstlight.fleet.state.Shard;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A person at the console, in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleJourney {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path SCREENS = Path.of("target", "screens");
  private static final double PATIENCE_MS = 90_000;

  private World world;
  private Playwright playwright;
  private Browser browser;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "Debian's chromium is not installed");
    world = World.ready(folder, 6);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    Files.createDirectories(SCREENS);
  }

  @AfterAll
  void end() {
    if (playwright != null) {
      browser.close();
      playwright.close();
    }
    if (world != null) {
      world.close();
    }
  }

  @Test
  void a_person_signs_in_sees_a_device_arrive_and_opens_its_timeline() throws Exception {
    Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1280, 800));
    page.setDefaultTimeout(PATIENCE_MS);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);

    page.navigate(signInLink());
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
    screen(page, "fleet.png");

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
    screen(page, "device.png");

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
    screen(page, "set-aside.png");
    page.getByTestId("discard").click();
    page.getByTestId("discard-for-good").click();
    assertThat(page.getByTestId("set-aside")).hasCount(0);

    manufacturerWithAnotherCa(page);

    assertThat((Boolean) page.evaluate("() => window.neverReloaded === true")).isTrue();
    assertThat(complaints).as("errors and policy violations in the browser").isEmpty();
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
    page.getByTestId("save-manufacturer").click();
    Locator globex = page.locator("[data-testid=manufacturer][data-id=globex]");
    Locator ca = globex.getByTestId("authority");
    assertThat(ca).hasAttribute("data-standing", "UNPROVEN");
    screen(page, "manufacturers.png");

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

  private String signInLink() {
    String code =
        world
            .cast()
            .administrator()
            .post("/tokens", Map.of("name", "console", "use", "SIGN_IN"))
            .done()
            .path("token")
            .asText();
    return world.httpUri() + "/#/sign-in?code=" + code;
  }

  private static void screen(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENS.resolve(name))
            .setAnimations(ScreenshotAnimations.DISABLED));
  }
}
