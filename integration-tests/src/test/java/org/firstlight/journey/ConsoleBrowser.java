package org.firstlight.journey;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Debian's Chromium, without a head, for the console of a world. */
final class ConsoleBrowser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");
  private static final Path SCREENS = Path.of("target", "screens");
  private static final double PATIENCE_MS = 90_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  ConsoleBrowser() throws IOException {
    this(List.of());
  }

  /**
   * @param more arguments of the browser
   */
  ConsoleBrowser(List<String> more) throws IOException {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(Stream.concat(ARGUMENTS.stream(), more.stream()).toList()));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    Files.createDirectories(SCREENS);
  }

  /** Skips the test where there is no browser. */
  static void assumeInstalled() {
    Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "Debian's chromium is not installed");
  }

  /** A window of this size, of which every complaint is kept. */
  Page window(int width, int height) {
    Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, height));
    page.setDefaultTimeout(PATIENCE_MS);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    return page;
  }

  /** The administrator, signed in by a link that is good once. */
  Page signedIn(World world, int width, int height) {
    Page page = window(width, height);
    page.navigate(signInLink(world));
    PlaywrightAssertions.assertThat(page.getByTestId("live-status"))
        .hasAttribute("data-state", "live");
    return page;
  }

  private static String signInLink(World world) {
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

  /** Errors and warnings that the browser had. */
  List<String> complaints() {
    return complaints;
  }

  static void screen(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENS.resolve(name))
            .setAnimations(ScreenshotAnimations.DISABLED));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
