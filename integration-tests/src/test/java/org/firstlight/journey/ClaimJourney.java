package org.firstlight.journey;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An end user with a phone claims the device from the box. */
class ClaimJourney {
  private static final int PHONE_WIDTH = 390;
  private static final int PHONE_HEIGHT = 844;

  @TempDir private Path folder;

  @Test
  void end_user_claims_by_the_code_from_the_box_and_the_device_has_its_networks_first()
      throws Exception {
    ConsoleBrowser.assumeInstalled();
    try (World world = World.ready(folder, 1)) {
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      Path video = seen(world.httpUri() + "/#/claim/things?code=" + shipped.claimCode());
      thePageIsOpen(world);

      // it was switched on at once, and waits for its owner
      Thing thing = world.unpack(shipped).switchOn();
      eventually(
          () ->
              assertThat(world.seen(name).path("waiting").asText())
                  .isEqualTo("waiting for its owner"));

      try (ConsoleBrowser browser =
          new ConsoleBrowser(
              List.of(
                  "--use-fake-device-for-media-stream",
                  "--use-fake-ui-for-media-stream",
                  "--use-file-for-fake-video-capture=" + video))) {
        Page page = browser.window(PHONE_WIDTH, PHONE_HEIGHT);
        page.navigate(world.httpUri() + "/#/claim/things");
        codeThatIsNobodys(page);
        page.getByTestId("scan").click();
        assertThat(page.getByTestId("claim-code")).hasValue(shipped.claimCode());
        answer(page);
        ConsoleBrowser.screen(page, "claim-phone.png");
        page.getByTestId("claim").click();

        assertThat(page.getByTestId("claimed")).isVisible();
        page.reload();
        assertThat(page.getByTestId("claimed")).isVisible();
        assertThat(page.getByTestId("arrival")).hasText("It is connected.");
        ConsoleBrowser.screen(page, "claimed-phone.png");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
            .isEqualTo(true);
        // a wrong code and a pass that is not there yet are answers, which a browser calls errors
        assertThat(browser.complaints()).allMatch(one -> one.matches(".*status of 40[14] .*"));
      }

      thing.does("register");
      assertThat(thing.holds(13, 0, 6)).startsWith("26202,26203");
      List<DeviceStep> steps = thing.steps();
      assertThat(place(steps, "bootstrap-write", "/13"))
          .isNotNegative()
          .isLessThan(place(steps, "register", ""));
      assertThat(world.seen(name).path("owner").asText()).isEqualTo(Cast.PROVIDER);
    }
  }

  private static void thePageIsOpen(World world) {
    Map<String, Object> plan =
        Map.of("id", "basic", "name", "Basic", "plmns", List.of("26202", "26203"));
    Map<String, Object> coverage =
        Map.of("id", "home", "name", "In Germany", "plans", List.of(plan));
    Map<String, Object> more =
        Map.of("id", "abroad", "name", "Germany and its neighbours", "plans", List.of(plan));
    world
        .cast()
        .provider()
        .put(
            "/claim-pages/things",
            Map.of(
                "title",
                "Welcome to Things",
                "offers",
                List.of(Map.of("country", "DE", "coverages", List.of(coverage, more)))))
        .done();
  }

  private static void codeThatIsNobodys(Page page) {
    page.getByTestId("claim-code").fill("zzzz zzzz zzzz zzzz");
    answer(page);
    page.getByTestId("claim").click();
    assertThat(page.getByTestId("error-note")).containsText("This code does not work");
  }

  private static void answer(Page page) {
    page.getByTestId("claim-country").selectOption("DE");
    page.getByTestId("claim-coverage").getByText("In Germany").click();
  }

  /** What the phone's camera sees: the QR code on the box. */
  private Path seen(String text) throws Exception {
    Path video = folder.resolve("box.y4m");
    Process node =
        new ProcessBuilder("node", "src/test/node/qr-video.mjs", text, video.toString())
            .inheritIO()
            .start();
    assertThat(node.waitFor()).isZero();
    assertThat(Files.size(video)).isPositive();
    return video;
  }

  private static int place(List<DeviceStep> steps, String name, String path) {
    return IntStream.range(0, steps.size())
        .filter(at -> steps.get(at).name().equals(name))
        .filter(
            at ->
                String.valueOf(steps.get(at).details().get("path")).startsWith(path)
                    || path.isEmpty())
        .findFirst()
        .orElse(-1);
  }
}
