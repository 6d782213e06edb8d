package org.firstlight.redis.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script and the digest that Redis knows it by. */
public final class Script {
  private final String name;
  private final byte[] body;
  private final byte[] digest;

  private Script(String name, byte[] body) {
    this.name = name;
    this.body = body;
    this.digest = sha1(body);
  }

  /** Reads files that lie beside a class, one after the other: shared functions come first. */
  public static Script beside(Class<?> owner, String... files) {
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      try (InputStream in = owner.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException("no script " + file + " beside " + owner.getName());
        }
        text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    String name = files[files.length - 1];
    return new Script(name, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  byte[] body() {
    return body;
  }

  byte[] digest() {
    return digest;
  }

  @Override
  public String toString() {
    return name;
  }

  private static byte[] sha1(byte[] text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
      return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
