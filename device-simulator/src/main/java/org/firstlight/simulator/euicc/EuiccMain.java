package org.firstlight.simulator.euicc;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.pem.PemFiles;

/**
 * The eUICC process: hosts every eUICC of its folder and answers on standard output what it is
 * asked on standard input. It logs nothing. Ends when its input does.
 */
public final class EuiccMain {
  private final Path folder;
  private final List<X509Certificate> subscriptionRoots;
  private final Clock clock;
  private final Map<Eid, EuiccCard> cards = new HashMap<>();

  private EuiccMain(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
    subscriptionRoots = PemFiles.readCertificates(folder.resolve("subscription-root.pem"));
  }

  /** {@code EuiccMain FOLDER}. */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever else prints must not disturb the answers
    if (args.length != 1) {
      System.err.println("usage: EuiccMain FOLDER");
      System.exit(2);
    }
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(answers))) {
      new EuiccMain(Path.of(args[0]), Clock.systemUTC()).serve(in, out);
    }
  }

  private void serve(DataInputStream in, DataOutputStream out) throws IOException {
    Optional<EuiccFrames.Question> question = EuiccFrames.read(in);
    while (question.isPresent()) {
      answer(question.get(), in, out);
      question = EuiccFrames.read(in);
    }
  }

  private void answer(EuiccFrames.Question question, DataInputStream in, DataOutputStream out)
      throws IOException {
    boolean tooLarge = question.length() > Euicc.MAX_PACKAGE;
    byte[] body = tooLarge ? new byte[0] : in.readNBytes(question.length());
    String overlong = tooLarge ? digestOf(in, question.length()) : "";
    Optional<EuiccCard> card = card(question.eid());
    if (card.isEmpty()) {
      EuiccFrames.fault(out, "no such EID here");
    } else if (question.operation() == EuiccFrames.STATUS) {
      EuiccFrames.answer(out, card.get().status());
    } else if (question.operation() != EuiccFrames.INSTALL) {
      EuiccFrames.fault(out, "no such operation");
    } else if (tooLarge) {
      EuiccFrames.answer(out, card.get().refuseTooLarge(overlong));
    } else {
      EuiccFrames.answer(out, card.get().install(body));
    }
  }

  private Optional<EuiccCard> card(Eid eid) throws IOException {
    if (!cards.containsKey(eid)) {
      Path own = folder.resolve(eid.value());
      if (!Files.isDirectory(own)) {
        return Optional.empty();
      }
      cards.put(eid, new EuiccCard(eid, own, subscriptionRoots, clock));
    }
    return Optional.ofNullable(cards.get(eid));
  }

  /** Reads on and keeps nothing but the digest. */
  private static String digestOf(DataInputStream in, int length) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] part = new byte[16 * 1024];
      int left = length;
      while (left > 0) {
        int read = in.read(part, 0, Math.min(part.length, left));
        if (read < 0) {
          throw new IOException("the package is cut off");
        }
        digest.update(part, 0, read);
        left -= read;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
