package org.firstlight.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.junit.jupiter.api.Test;

/** What the load sends must be what any CoAP server reads. */
class CoapMessageTest {
  @Test
  void californium_reads_a_register_as_it_was_meant() {
    byte[] wire = DeviceMessages.register(7, new byte[] {1, 2, 3, 4}, "urn:dev:ops:32473-b", 60);

    Request read = (Request) new UdpDataParser().parseMessage(wire);

    assertThat(read.getMID()).isEqualTo(7);
    assertThat(read.getOptions().getUriPathString()).isEqualTo("rd");
    assertThat(read.getOptions().getUriQuery())
        .containsExactly("ep=urn:dev:ops:32473-b", "lt=60", "lwm2m=1.1", "b=U");
    assertThat(read.getOptions().getContentFormat()).isEqualTo(40);
    assertThat(read.getPayloadString()).isEqualTo(Devices.OBJECT_LINKS).hasSize(189);
  }

  @Test
  void a_message_reads_back_as_it_was_written() {
    byte[] wire = DeviceMessages.update(65_535, new byte[] {9}, "00aBcDeFgHiJ".getBytes(US_ASCII));

    CoapMessage read = CoapMessage.decode(ByteBuffer.wrap(wire));

    assertThat(read.mid()).isEqualTo(65_535);
    assertThat(read.texts(CoapMessage.URI_PATH)).containsExactly("rd", "00aBcDeFgHiJ");
    assertThat(read.encode()).isEqualTo(wire);
  }

  @Test
  void a_cut_message_is_refused() {
    byte[] wire = DeviceMessages.update(1, new byte[] {9}, "00aBcDeFgHiJ".getBytes(US_ASCII));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoapMessage.decode(ByteBuffer.wrap(wire, 0, wire.length - 3)));
  }
}
