package org.firstlight.kit.token;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.firstlight.kit.config.TokenConfig;

/**
 * One process that speaks with the token, for one thread at a time. After a fault it is of no use
 * any more: most libraries find a token that was away only when they are loaded again.
 */
final class TokenProcess implements AutoCloseable {
  private static final String ALIAS = "operational-ca";
  private static final Duration OPENED_WITHIN = Duration.ofSeconds(20);
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

  private final TokenConfig token;
  private final Process process;
  private final DataOutputStream out;
  private final DataInputStream in;

  private TokenProcess(TokenConfig token, Process process) {
    this.token = token;
    this.process = process;
    this.out = new DataOutputStream(process.getOutputStream());
    this.in = new DataInputStream(process.getInputStream());
  }

  /**
   * A process that has logged in.
   *
   * @param certificate DER, of the key that the token has for us; empty if it has none
   */
  record Opened(TokenProcess process, byte[] certificate) {}

  /**
   * @param pin as it is typed
   * @throws TokenException if the token is not there, or does not let us in
   */
  static Opened open(TokenConfig token, byte[] pin) {
    TokenProcess opened = new TokenProcess(token, launch(token));
    try {
      return new Opened(
          opened,
          opened.exchange(
              OPENED_WITHIN,
              out -> {
                out.writeUTF(token.library().toString());
                out.writeUTF(token.label());
                out.writeUTF(ALIAS);
                write(out, pin);
              }));
    } catch (TokenException fault) {
      opened.close();
      throw fault;
    }
  }

  /** This class path's part that has the other end; the JDK is all that it needs. */
  private static Process launch(TokenConfig token) {
    try {
      Path here =
          Path.of(TokenMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new ProcessBuilder(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx32m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  // it would hold the PIN
                  "-XX:-CreateCoredumpOnCrash",
                  "-cp",
                  here.toString(),
                  TokenMain.class.getName()))
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException | URISyntaxException e) {
      throw new TokenException(
          "token '%s': its process cannot be started".formatted(token.label()), e);
    }
  }

  /** A new pair that the token keeps only with {@link #keep}: its public key, SPKI. */
  byte[] generate() {
    return act(TokenMain.GENERATE, new byte[0]);
  }

  void keep(byte[] certificate) {
    act(TokenMain.KEEP, certificate);
  }

  byte[] sign(byte[] sha256) {
    return act(TokenMain.SIGN, sha256);
  }

  private byte[] act(int letter, byte[] bytes) {
    return exchange(
        ANSWERED_WITHIN,
        out -> {
          out.writeByte(letter);
          write(out, bytes);
        });
  }

  private interface Question {
    void ask(DataOutputStream out) throws IOException;
  }

  /** An answer that does not come in time ends the process, and that ends the reading. */
  private byte[] exchange(Duration within, Question question) {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    end.completeOnTimeout(true, within.toMillis(), TimeUnit.MILLISECONDS)
        .thenAccept(
            late -> {
              if (late) {
                process.destroyForcibly();
              }
            });
    try {
      question.ask(out);
      out.flush();
      int status = in.readByte();
      if (status == TokenMain.DONE) {
        return in.readNBytes(in.readInt());
      }
      throw fault(status, in.readUTF());
    } catch (IOException e) {
      throw new TokenException(
          end.isDone()
              ? "token '%s' did not answer in %d s".formatted(token.label(), within.toSeconds())
              : "token '%s': the process that speaks with it has ended".formatted(token.label()),
          e);
    } finally {
      end.complete(false);
    }
  }

  private TokenException fault(int status, String words) {
    if (status == TokenMain.PIN_REFUSED) {
      return new TokenException.PinRefused(
          "token '%s' refuses the PIN in %s (%s)".formatted(token.label(), token.pinFile(), words));
    }
    return new TokenException(
        words.startsWith("CKR_")
            ? "token '%s' is not there or does not work (%s of %s)"
                .formatted(token.label(), words, token.library())
            : "token '%s' in %s: %s".formatted(token.label(), token.library(), words));
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
