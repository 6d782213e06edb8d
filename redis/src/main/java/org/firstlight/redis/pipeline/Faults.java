package org.firstlight.redis.pipeline;

import java.security.GeneralSecurityException;
import java.util.Set;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Error replies of Redis as the exceptions that {@code fleet} promises. */
public final class Faults {
  /** Codes of a server that would have answered at another time. */
  private static final Set<String> PASSING =
      Set.of(
          "MISCONF",
          "OOM",
          "LOADING",
          "BUSY",
          "READONLY",
          "MASTERDOWN",
          "NOREPLICAS",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "NOAUTH",
          "NOPERM",
          "WRONGPASS");

  /** Codes of a node that has not done it, and will or knows who will. */
  private static final Set<String> SENT_AGAIN =
      Set.of("MOVED", "CLUSTERDOWN", "TRYAGAIN", "READONLY", "LOADING", "MASTERDOWN");

  /** Whether it was certainly not done, and sending it again can help. */
  static boolean passes(JedisDataException error) {
    return SENT_AGAIN.contains(code(String.valueOf(error.getMessage())));
  }

  static boolean isMissingScript(JedisDataException error) {
    return code(String.valueOf(error.getMessage())).equals("NOSCRIPT");
  }

  /** What a caller is told of an error reply. */
  static RuntimeException of(Call call, JedisDataException error) {
    String message = String.valueOf(error.getMessage());
    String code = code(message);
    if (PASSING.contains(code)) {
      return new DependencyUnavailableException(inWords(code, message), error);
    }
    return new IllegalStateException("Redis refused " + call + ": " + message, error);
  }

  /** What is wrong, for people who run Redis. */
  public static String inWords(RuntimeException failure) {
    if (failure instanceof JedisDataException error) {
      String message = String.valueOf(error.getMessage());
      return inWords(code(message), message);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof GeneralSecurityException
        ? "Redis shows a certificate that is not trusted for its name: " + root.getMessage()
        : "Redis cannot be reached: " + root.getMessage();
  }

  private static String inWords(String code, String message) {
    return switch (code) {
      case "MISCONF" -> "Redis refuses writes: its disk is full or cannot be written to";
      case "OOM" -> "Redis refuses writes: its memory limit (maxmemory) is reached";
      case "LOADING" -> "Redis is still loading its data";
      case "MOVED" -> "Redis says that another node has the shard";
      case "READONLY" -> "Redis takes no writes: it is a replica";
      case "CLUSTERDOWN" -> "Redis takes no writes: the cluster does not serve all its slots";
      case "NOREPLICAS" -> "Redis refuses writes: too few replicas follow (min-replicas-to-write)";
      case "NOAUTH", "WRONGPASS" -> "Redis refuses the user or the password";
      case "NOPERM" -> "Redis does not permit this user what is needed: " + message;
      default -> "Redis refuses: " + message;
    };
  }

  /**
   * First word of an error; a script's error is wrapped, with the code after "-" or at the front.
   */
  private static String code(String message) {
    String text = message.startsWith("ERR Error running script") ? unwrapped(message) : message;
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String unwrapped(String message) {
    for (String code : PASSING) {
      if (message.contains("-" + code + " ")) {
        return code + " " + message;
      }
    }
    return message;
  }

  private Faults() {}
}
