package org.firstlight.kit.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The console's files from the class path. Built assets carry a hash in their names and may be kept
 * for ever; every address that is no file is the page itself, which finds its own way.
 */
final class Console {
  private static final String ROOT = "/console";

  private Console() {}

  static void add(JavalinConfig config) {
    byte[] index = read(ROOT + "/index.html");
    if (index == null) {
      return;
    }
    if (Console.class.getResource(ROOT + "/assets") != null) {
      config.staticFiles.add(
          files -> {
            files.hostedPath = "/assets";
            files.directory = ROOT + "/assets";
            files.location = Location.CLASSPATH;
            files.headers = Map.of("Cache-Control", "public, max-age=31536000, immutable");
          });
    }
    config.spaRoot.addHandler("/", ctx -> page(ctx, index));
  }

  private static void page(Context ctx, byte[] index) {
    String path = ctx.path();
    if (path.startsWith("/api/") || path.startsWith("/assets/")) {
      throw new NotFoundResponse();
    }
    // files that stand beside the page, such as its icon
    byte[] file =
        path.matches("/[a-z0-9-]+\\.(svg|png|ico|txt|webmanifest)") ? read(ROOT + path) : null;
    ctx.header("Cache-Control", "no-cache");
    if (file == null) {
      ctx.contentType("text/html; charset=utf-8").result(index);
    } else {
      ctx.contentType(type(path)).result(file);
    }
  }

  private static String type(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "ico" -> "image/x-icon";
      case "webmanifest" -> "application/manifest+json";
      default -> "text/plain; charset=utf-8";
    };
  }

  private static byte @Nullable [] read(String resource) {
    try (@Nullable InputStream in = Console.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      return null;
    }
  }
}
