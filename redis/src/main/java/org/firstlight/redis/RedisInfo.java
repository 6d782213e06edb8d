package org.firstlight.redis;

import java.util.HashMap;
import java.util.Map;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Questions;

/** What Redis tells of itself by INFO. */
record RedisInfo(Map<String, String> fields) {
  static RedisInfo of(Questions questions, Node node) {
    return parse(questions.ask(node, "INFO").toString());
  }

  static RedisInfo parse(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String line : text.split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return new RedisInfo(fields);
  }

  String get(String field) {
    return fields.getOrDefault(field, "");
  }

  long number(String field) {
    String text = get(field);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Whether it refuses writes while no replica follows: INFO tells how many do only then. */
  boolean refusesWritesAlone() {
    return !get("min_slaves_good_slaves").isEmpty();
  }

  /**
   * That it keeps what it acknowledges.
   *
   * @throws RedisUnusableException naming the setting that is wrong
   */
  void check() {
    RedisVersion.check(get("redis_version"));
    String policy = get("maxmemory_policy");
    if (!policy.equals("noeviction")) {
      throw new RedisUnusableException(
          ("Redis would throw records away when memory is short: maxmemory-policy is \"%s\", it must"
                  + " be \"noeviction\"")
              .formatted(policy));
    }
    if (!get("aof_enabled").equals("1")) {
      throw new RedisUnusableException(
          "Redis would lose acknowledged records at a restart: appendonly is \"no\", it must be"
              + " \"yes\"");
    }
  }
}
