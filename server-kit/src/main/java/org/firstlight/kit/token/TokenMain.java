package org.firstlight.kit.token;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process that speaks with a token: it reads what to do from standard input and answers on
 * standard output, until that ends. It loads nothing but the JDK and the token's library.
 *
 * <p>In: library, label and alias (UTF), the PIN; then for each act its letter and its bytes. Out:
 * for the PIN and for each act {@link #DONE} and bytes, or another of the three and words.
 */
final class TokenMain {
  static final int DONE = 0;
  static final int FAULT = 1;
  static final int PIN_REFUSED = 2;

  /** To a new pair, which is not kept yet; answers its public key. */
  static final int GENERATE = 'G';

  /** Keeps the new pair with this certificate. */
  static final int KEEP = 'K';

  /** Signs a SHA-256 by ECDSA. */
  static final int SIGN = 'S';

  private static final int MOST_BYTES = 64 * 1024;
  private static final Pattern LABEL = Pattern.compile("(?m)^Token info[^\\n]*\\n\\s*label: (.*)$");
  private static final Pattern ERROR = Pattern.compile("CKR_[A-Z_]+");

  private final Provider provider;
  private final KeyStore store;
  private final String alias;
  private @Nullable PrivateKey key;

  private TokenMain(Provider provider, KeyStore store, String alias) {
    this.provider = provider;
    this.store = store;
    this.alias = alias;
  }

  /** Takes no arguments: other users of a machine can read those. */
  public static void main(String[] none) throws IOException {
    outliveSignals();
    DataInputStream in = new DataInputStream(System.in);
    DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    String library = in.readUTF();
    String label = in.readUTF();
    String alias = in.readUTF();
    byte[] pin = read(in);
    try {
      TokenMain token = open(library, label, alias, pin);
      answer(out, token.certificate());
      token.serve(in, out);
    } catch (GeneralSecurityException | IOException | RuntimeException fault) {
      String words = words(fault);
      out.writeByte(words.startsWith("CKR_PIN") ? PIN_REFUSED : FAULT);
      out.writeUTF(words);
    }
    out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Ctrl-C reaches this process, too, and the platform may have something to sign at its end. */
  private static void outliveSignals() {
    Thread serving = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    serving.join();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private void serve(DataInputStream in, DataOutputStream out)
      throws IOException, GeneralSecurityException {
    for (int act = in.read(); act >= 0; act = in.read()) {
      byte[] bytes = read(in);
      answer(
          out,
          switch (act) {
            case GENERATE -> generate();
            case KEEP -> keep(bytes);
            case SIGN -> sign(bytes);
            default -> throw new IOException("there is no act " + act);
          });
    }
  }

  private static TokenMain open(String library, String label, String alias, byte[] pin)
      throws GeneralSecurityException, IOException {
    Provider provider = provider(library, label);
    KeyStore store = KeyStore.getInstance("PKCS11", provider);
    store.load(null, new String(pin, StandardCharsets.UTF_8).toCharArray());
    return new TokenMain(provider, store, alias);
  }

  /** The slot whose token has the label: a PIN must never go to another. */
  private static Provider provider(String library, String label) {
    List<String> others = new ArrayList<>();
    for (int index = 0; ; index++) {
      ByteArrayOutputStream told = new ByteArrayOutputStream();
      System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
      try {
        Provider provider = configured(library, index);
        Matcher found = LABEL.matcher(told.toString(StandardCharsets.UTF_8));
        if (found.find()) {
          String here = found.group(1).strip();
          if (here.equals(label)) {
            return provider;
          }
          others.add("'" + here + "'");
        }
      } catch (ProviderException fault) {
        if (isBeyondTheLast(fault)) {
          throw new ProviderException(
              others.isEmpty()
                  ? "there is none of that label, nor another"
                  : "there is none of that label, only " + String.join(", ", others));
        }
        if (!words(fault).equals("CKR_TOKEN_NOT_RECOGNIZED")) {
          throw fault;
        }
      }
    }
  }

  private static boolean isBeyondTheLast(ProviderException fault) {
    return words(fault).startsWith("slotListIndex is");
  }

  /** {@code showInfo} is how SunPKCS11 tells a token's label. */
  private static Provider configured(String library, int index) {
    return Security.getProvider("SunPKCS11")
        .configure(
            """
            --name = Firstlight
            library = "%s"
            slotListIndex = %d
            showInfo = true
            attributes(*, CKO_PRIVATE_KEY, *) = {
              CKA_PRIVATE = true
              CKA_SENSITIVE = true
              CKA_EXTRACTABLE = false
              CKA_SIGN = true
            }
            """
                .formatted(library, index));
  }

  /** Of the key under the alias; nothing if there is none. */
  private byte[] certificate() throws GeneralSecurityException {
    Certificate certificate = store.getCertificate(alias);
    if (certificate == null || !(store.getKey(alias, null) instanceof PrivateKey found)) {
      return new byte[0];
    }
    key = found;
    return certificate.getEncoded();
  }

  private byte[] generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    key = pair.getPrivate();
    return pair.getPublic().getEncoded();
  }

  private byte[] keep(byte[] der) throws GeneralSecurityException {
    Certificate certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    store.setKeyEntry(alias, key, null, new Certificate[] {certificate});
    return certificate();
  }

  private byte[] sign(byte[] sha256) throws GeneralSecurityException {
    if (key == null) {
      throw new GeneralSecurityException("there is no key '%s' any more".formatted(alias));
    }
    Signature signature = Signature.getInstance("NONEwithECDSA", provider);
    signature.initSign(key);
    signature.update(sha256);
    return signature.sign();
  }

  /** The token's own word for it, or else the first that was said. */
  private static String words(Throwable fault) {
    String words = fault.getClass().getSimpleName();
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      Matcher error = ERROR.matcher(message);
      if (error.find()) {
        return error.group();
      }
      if (cause.getMessage() != null) {
        words = message;
      }
    }
    return words;
  }

  private static void answer(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeByte(DONE);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  private static byte[] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES) {
      throw new IOException("too many bytes");
    }
    return in.readNBytes(length);
  }
}
