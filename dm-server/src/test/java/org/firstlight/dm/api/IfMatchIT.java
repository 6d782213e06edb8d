package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.firstlight.dm.api.RunningApi.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Editors who name the version that they have seen: none takes another one's edit away. */
class IfMatchIT {
  private static final int EDITORS = 6;

  @TempDir static Path folder;
  private static RunningApi api;
  private static String providerToken;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, 4);
    api.ship();
    providerToken = api.token(RunningApi.PROVIDER);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void a_revocation_and_its_end_are_of_the_version_that_was_seen() throws Exception {
    String device = device(0);
    String seen = etag(administrator().get(device));

    Reply stale = matching("\"99\"").put(device + "/revocation", reason("a"));
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.detail()).contains("the edit was made on 99");
    Reply revoked = matching(seen).put(device + "/revocation", reason("a"));
    assertThat(revoked.status()).isEqualTo(200);
    assertThat(etag(revoked)).isNotEqualTo(seen).isEqualTo(etag(administrator().get(device)));
    assertThat(matching(seen).delete(device + "/revocation").status()).isEqualTo(412);
    assertThat(matching(seen).post(device + "/retirement", "{}").status()).isEqualTo(412);

    assertThat(matching(etag(revoked)).delete(device + "/revocation").status()).isEqualTo(200);
    // in an emergency nobody looks up a version
    assertThat(administrator().put(device + "/revocation", reason("b")).status()).isEqualTo(200);
    assertThat(matching("3").put(device + "/revocation", reason("c")).status()).isEqualTo(400);
  }

  @Test
  void of_those_who_revoke_one_version_at_once_one_does() throws Exception {
    String device = device(1);
    String seen = etag(administrator().get(device));

    one(atOnce(number -> matching(seen).put(device + "/revocation", reason("r" + number))), 200);
  }

  @Test
  void a_claim_tells_its_version_and_a_release_takes_it() throws Exception {
    String code = api.shipment.devices().get(2).claimCode();
    Reply claimed = provider().post("/claims", "{\"code\":\"" + code + "\"}");
    assertThat(etag(claimed)).isEqualTo(etag(administrator().get(device(2))));
    String claim = "/claims/" + RunningApi.path(api.name(2));

    assertThat(provider().plus("If-Match", "\"99\"").delete(claim).status()).isEqualTo(412);
    List<Reply> replies =
        atOnce(number -> provider().plus("If-Match", etag(claimed)).delete(claim), 404);
    one(replies, 200);
    Reply released = replies.stream().filter(reply -> reply.status() == 200).findFirst().get();
    assertThat(etag(released)).isEqualTo(etag(administrator().get(device(2))));
    // the code that was told is the one that counts
    String again = "{\"code\":\"" + released.body().path("claimCode").asText() + "\"}";
    assertThat(provider().post("/claims", again).status()).isEqualTo(201);
  }

  @Test
  void a_token_is_revoked_once() throws Exception {
    Reply made = administrator().post("/tokens", "{\"name\":\"one\"}");
    String token = "/tokens/" + made.body().path("id").asText();
    assertThat(etag(made)).isEqualTo("\"" + made.body().path("version").asLong() + "\"");

    assertThat(matching("\"7\"").delete(token).status()).isEqualTo(412);
    one(atOnce(number -> matching(etag(made)).delete(token), 404), 204);
    assertThat(matching(etag(made)).delete(token).status()).isEqualTo(404);
  }

  @Test
  void an_object_model_is_changed_only_by_who_has_seen_it() throws Exception {
    Reply loaded = load(administrator(), "Lamp");
    assertThat(loaded.status()).isEqualTo(201);
    assertThat(etag(loaded)).isEqualTo("\"1\"");
    assertThat(etag(administrator().get("/object-models/33001"))).isEqualTo("\"1\"");
    assertThat(administrator().get("/object-models/3").response().headers().firstValue("ETag"))
        .isEmpty();

    assertThat(load(administrator(), "Lamp").status()).isEqualTo(201);
    Reply blind = load(administrator(), "Light");
    assertThat(blind.status()).isEqualTo(412);
    assertThat(blind.detail()).contains("version 1");
    assertThat(load(administrator().plus("If-None-Match", "*"), "Lamp").status()).isEqualTo(412);
    one(atOnce(number -> load(matching("\"1\""), "Light " + number)), 201);
    assertThat(etag(administrator().get("/object-models/33001"))).isEqualTo("\"2\"");
  }

  private interface Edit {
    Reply by(int number) throws Exception;
  }

  private static List<Reply> atOnce(Edit edit, int... alsoFine) throws Exception {
    ExecutorService editors = Executors.newFixedThreadPool(EDITORS);
    CountDownLatch go = new CountDownLatch(1);
    try {
      List<Future<Reply>> asked = new ArrayList<>();
      for (int i = 0; i < EDITORS; i++) {
        int number = i;
        Callable<Reply> editor =
            () -> {
              go.await();
              return edit.by(number);
            };
        asked.add(editors.submit(editor));
      }
      go.countDown();
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> one : asked) {
        replies.add(one.get());
      }
      // who comes after it is gone sees nothing there
      replies.removeIf(reply -> is(reply.status(), alsoFine));
      return replies;
    } finally {
      editors.shutdownNow();
    }
  }

  private static boolean is(int status, int... of) {
    for (int one : of) {
      if (one == status) {
        return true;
      }
    }
    return false;
  }

  /** One did it; the others came too late, or lost the race. */
  private static void one(List<Reply> replies, int done) {
    assertThat(replies).filteredOn(reply -> reply.status() == done).hasSize(1);
    assertThat(replies)
        .filteredOn(reply -> reply.status() != done)
        .allSatisfy(
            reply ->
                assertThat(Map.of(409, "CONFLICT", 412, "PRECONDITION_FAILED"))
                    .containsEntry(reply.status(), reply.code()));
  }

  private static Reply load(RunningApi.Caller caller, String name) throws Exception {
    String ddf =
        """
        <LWM2M><Object ObjectType="MODefinition">
          <Name>%s</Name><Description1/><ObjectID>33001</ObjectID><ObjectURN>urn:oma:lwm2m:x:33001</ObjectURN>
          <LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
          <MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>
          <Resources><Item ID="0"><Name>On</Name><Operations>RW</Operations>
            <MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
            <Type>Boolean</Type><RangeEnumeration/><Units/><Description/></Item></Resources>
        </Object></LWM2M>
        """
            .formatted(name);
    return caller.send("POST", "/object-models", ddf, "application/xml");
  }

  private static String device(int number) {
    return "/devices/" + RunningApi.path(api.name(number));
  }

  private static String reason(String text) {
    return "{\"reason\":\"" + text + "\"}";
  }

  private static String etag(Reply reply) {
    return reply.response().headers().firstValue("ETag").orElseThrow();
  }

  private static RunningApi.Caller administrator() {
    return api.as(api.administrator);
  }

  private static RunningApi.Caller provider() {
    return api.as(providerToken);
  }

  private static RunningApi.Caller matching(String etag) {
    return administrator().plus("If-Match", etag);
  }
}
