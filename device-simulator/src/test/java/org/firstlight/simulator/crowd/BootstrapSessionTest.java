package org.firstlight.simulator.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.leshan.LeshanNodes;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.simulator.objects.LwM2mRelease;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapSessionTest {
  private final BootstrapSession session = new BootstrapSession();
  private final AtomicReference<Optional<Account>> told = new AtomicReference<>(Optional.empty());

  @BeforeEach
  void opened() {
    session.begin();
  }

  private ResponseCode code(Request request) {
    return answer(request).getCode();
  }

  private Response answer(Request request) {
    return session.answer(
        request,
        account -> {
          told.set(account);
          return account.isPresent();
        });
  }

  private static Request request(Code code, String path) {
    Request request = new Request(code);
    request.getOptions().setUriPath(path);
    return request;
  }

  private static Request write(String path, int format, byte[] payload) {
    Request request = request(Code.PUT, path);
    request.getOptions().setContentFormat(format);
    request.setPayload(payload);
    return request;
  }

  private static Request write(String path, ContentFormat format, Map<Integer, TypedValue> values) {
    LwM2mPath at = new LwM2mPath(path);
    return write(
        path,
        format.getCode(),
        LwM2mRelease.V1_1
            .encoder()
            .encode(
                LeshanNodes.toInstance(at.getObjectInstanceId(), values),
                format,
                at,
                new StaticModel(LwM2mRelease.V1_1.models().values())));
  }

  private void writeAccounts(ContentFormat format, int mode) {
    assertThat(
            code(
                write(
                    "/0/1",
                    format,
                    Map.of(
                        0,
                        new TypedValue.Text("coaps://localhost:5784"),
                        1,
                        new TypedValue.Flag(false),
                        2,
                        new TypedValue.Whole(mode),
                        4,
                        new TypedValue.Bytes(new byte[] {9}),
                        10,
                        new TypedValue.Whole(1)))))
        .isEqualTo(ResponseCode.CHANGED);
    assertThat(
            code(
                write(
                    "/1/0",
                    format,
                    Map.of(0, new TypedValue.Whole(1), 1, new TypedValue.Whole(300)))))
        .isEqualTo(ResponseCode.CHANGED);
  }

  @ParameterizedTest
  @ValueSource(ints = {ContentFormat.TLV_CODE, ContentFormat.SENML_CBOR_CODE})
  void account_is_read_in_the_format_that_it_comes_in(int format) {
    writeAccounts(ContentFormat.fromCode(format), 4);
    assertThat(code(request(Code.POST, "/bs"))).isEqualTo(ResponseCode.CHANGED);
    Account account = told.get().orElseThrow();
    assertThat(account.uri()).hasToString("coaps://localhost:5784");
    assertThat(account.lifetime()).isEqualTo(Duration.ofSeconds(300));
    assertThat(account.identity()).isEmpty();
    assertThat(session.isOpen()).isFalse();
    assertThat(code(request(Code.POST, "/bs")))
        .as("Finish once more")
        .isEqualTo(ResponseCode.CHANGED);
    assertThat(code(request(Code.DELETE, "/0"))).isEqualTo(ResponseCode.BAD_REQUEST);
  }

  @Test
  void finish_without_an_account_is_not_acceptable() {
    assertThat(code(request(Code.POST, "/bs"))).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
    assertThat(session.isOpen()).isTrue();
  }

  @Test
  void account_in_a_mode_that_the_crowd_does_not_know_is_not_acceptable() {
    writeAccounts(ContentFormat.TLV, 0);
    assertThat(code(request(Code.POST, "/bs"))).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
  }

  @Test
  void deleted_account_is_gone() {
    writeAccounts(ContentFormat.TLV, 4);
    assertThat(code(request(Code.DELETE, "/1"))).isEqualTo(ResponseCode.DELETED);
    assertThat(code(request(Code.POST, "/bs"))).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
  }

  @Test
  void discover_tells_the_objects_and_a_read_finds_nothing() {
    Request discover = request(Code.GET, "");
    discover.getOptions().setAccept(40);
    assertThat(answer(discover).getPayloadString()).contains("</505/0>");
    assertThat(code(request(Code.GET, "/1"))).isEqualTo(ResponseCode.NOT_FOUND);
  }

  @Test
  void nothing_is_done_without_a_session() {
    session.end();
    assertThat(code(request(Code.DELETE, "/"))).isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(code(request(Code.POST, "/bs"))).isEqualTo(ResponseCode.BAD_REQUEST);
  }

  @Test
  void bytes_that_are_no_instance_are_refused_and_break_nothing() {
    Random random = new Random(2);
    int[] formats = {ContentFormat.TLV_CODE, ContentFormat.SENML_CBOR_CODE, 110, 0, 42, 65_000};
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      assertThat(code(write("/0/1", formats[i % formats.length], bytes)))
          .isIn(ResponseCode.CHANGED, ResponseCode.BAD_REQUEST);
    }
    assertThat(code(request(Code.POST, "/bs"))).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/0/x", "/70000", "/1/2/3/4/5", "/%", "/0//1"})
  void path_that_is_none_is_refused(String path) {
    assertThat(code(write(path, 0, "1".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(ResponseCode.BAD_REQUEST);
  }
}
