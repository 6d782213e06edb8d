package org.firstlight.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.firstlight.cli.platform.LocalAccess;
import picocli.CommandLine.Command;

/** {@code sign-in-link}: lets the one who has the machine in again. */
@Command(
    name = "sign-in-link",
    mixinStandardHelpOptions = true,
    description =
        "A link that signs in once as the platform's administrator, on the machine it runs on.")
final class SignInLinkCommand implements Callable<Integer> {
  private static final int SECONDS = 900;

  @Override
  public Integer call() {
    Optional<LocalAccess> access = LocalAccess.find();
    if (access.isEmpty()) {
      System.err.println("no platform runs here, or it is another user's: start `./firstlight up`");
      return 1;
    }
    ApiClient client = new ApiClient(access.get().api(), access.get().token());
    try {
      String code =
          client
              .post(
                  "/tokens",
                  Map.of(
                      "name", "first administrator", "use", "SIGN_IN", "expiresInSeconds", SECONDS))
              .path("token")
              .asText();
      String console = access.get().api().toString().replaceAll("/$", "");
      System.out.println(console + "/#/sign-in?code=" + code);
      System.out.println(
          "good once, for a quarter of an hour; Users > Reset gives a user a new way in");
      return 0;
    } catch (ApiFailure e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }
}
