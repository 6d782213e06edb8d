package org.firstlight.redis.pipeline;

import java.util.Set;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Error replies of Redis as the exceptions that {@code fleet} promises. */
final class Faults {
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
  static String inWords(JedisDataException error) {
    String message = String.valueOf(error.getMessage());
    return inWords(code(message), message);
  }

  private static String inWords(String code, String message) {
    return switch (code) {
      case "MISCONF" -> "Redis refuses writes: its disk is full or cannot be written to";
      case "OOM" -> "Redis refuses writes: its memory limit (maxmemory) is reached";
      case "LOADING" -> "Redis is still loading its data";
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
