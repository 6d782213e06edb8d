package org.firstlight.kit.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoapAnswersTest {
  @ParameterizedTest
  @EnumSource
  void every_failure_has_its_code_and_a_retry_time_exactly_where_a_retry_helps(FailureCode code) {
    Response response = CoapAnswers.refusal(Failure.of(code, "because"));

    assertThat(response.getCode().value)
        .isEqualTo(code.coapCode() / 100 << 5 | code.coapCode() % 100);
    assertThat(response.getOptions().hasMaxAge()).isEqualTo(code.retryable());
    assertThat(response.getPayloadString()).isEqualTo("because");
  }

  @Test
  void what_passes_is_503_with_the_time_to_come_back() {
    Response response = CoapAnswers.notNow("waiting for its owner", Duration.ofHours(1));

    assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    assertThat(response.getOptions().getMaxAge()).isEqualTo(3600);
    assertThat(CoapAnswers.notNow("x", Duration.ZERO).getOptions().getMaxAge()).isEqualTo(1);
  }

  @Test
  void a_long_reason_is_cut_at_a_whole_character() {
    Response response = CoapAnswers.response(ResponseCode.BAD_REQUEST, "ü".repeat(500) + "x");

    assertThat(response.getPayloadString()).isEqualTo("ü".repeat(100));
  }
}
