package org.firstlight.redis.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.firstlight.redis.TestRedis.await;

import java.time.Duration;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.ResumableSessions;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.Where;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

@ParameterizedClass
@EnumSource
class RedisResumableSessionsTest {
  @Parameter Where where;

  private static final EncryptedSecret ONE = new EncryptedSecret("kek-1", "b25l");

  private static TestRedis redis;
  private static ResumableSessions sessions;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    redis = new TestRedis(where);
    sessions = redis.stores().sessions();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    redis.close();
  }

  @Test
  void keeps_each_by_its_id() {
    EncryptedSecret two = new EncryptedSecret("kek-1", "dHdv");
    await(sessions.keep("01AB", ONE, Duration.ofHours(1)));
    await(sessions.keep("02CD", two, Duration.ofHours(1)));
    assertThat(await(sessions.find("01AB"))).contains(ONE);
    assertThat(await(sessions.find("02CD"))).contains(two);
    assertThat(await(sessions.find("03"))).isEmpty();
  }

  @Test
  void they_pass() {
    await(sessions.keep("04", ONE, Duration.ofMillis(20)));
    await().until(() -> await(sessions.find("04")).isEmpty());
  }

  @Test
  void one_of_another_release_is_as_good_as_none() {
    for (String line : new String[] {"2 kek-1 b25l", "1 kek-1", "", "1  a b c"}) {
      redis.command(Command.SET, Bytes.text(Keys.session("05")), line);
      assertThat(await(sessions.find("05"))).as(line).isEmpty();
    }
  }
}
