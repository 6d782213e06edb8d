package org.firstlight.simulator.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NatTest {
  private DatagramSocket server;
  private Nat nat;

  @BeforeEach
  void start() throws Exception {
    server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    server.setSoTimeout(5_000);
    nat = new Nat(2, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() {
    nat.close();
    server.close();
  }

  private SocketAddress heardFrom(int device) throws IOException {
    InetSocketAddress to = (InetSocketAddress) server.getLocalSocketAddress();
    assertThat(nat.send(device, new byte[] {1}, 1, to)).isTrue();
    DatagramPacket packet = new DatagramPacket(new byte[10], 10);
    server.receive(packet);
    return packet.getSocketAddress();
  }

  @Test
  void two_devices_never_share_an_address_and_a_third_waits_for_one() throws Exception {
    List<Integer> awake = new ArrayList<>();
    nat.borrow(1, () -> awake.add(1));
    nat.borrow(2, () -> awake.add(2));
    nat.borrow(3, () -> awake.add(3));
    assertThat(awake).containsExactly(1, 2);
    SocketAddress first = heardFrom(1);
    assertThat(heardFrom(2)).isNotEqualTo(first);
    assertThat(nat.send(3, new byte[] {1}, 1, new InetSocketAddress("127.0.0.1", 9))).isFalse();

    nat.giveBack(1);
    assertThat(awake).containsExactly(1, 2, 3);
    assertThat(heardFrom(3)).isEqualTo(first);
  }

  @Test
  void device_that_wakes_again_comes_from_another_address() throws Exception {
    nat.borrow(1, () -> {});
    SocketAddress before = heardFrom(1);
    nat.giveBack(1);
    nat.borrow(1, () -> {});
    assertThat(heardFrom(1)).isNotEqualTo(before);
  }

  @Test
  void device_that_is_switched_off_in_line_is_not_called() {
    List<Integer> awake = new ArrayList<>();
    for (int device = 1; device <= 4; device++) {
      int one = device;
      nat.borrow(one, () -> awake.add(one));
    }
    nat.giveBack(3);
    nat.giveBack(1);
    assertThat(awake).containsExactly(1, 2, 4);
  }

  @Test
  void what_comes_in_is_told_with_who_holds_the_address() throws Exception {
    BlockingQueue<String> heard = new ArrayBlockingQueue<>(10);
    nat.start(
        (datagram, length, holder, from) -> {
          if (length == 1 && datagram[0] == 66) {
            throw new IllegalStateException("a bad datagram");
          }
          heard.add(length + " for " + holder.getAsInt());
        });
    nat.borrow(5, () -> {});
    SocketAddress at = heardFrom(5);
    server.send(new DatagramPacket(new byte[] {66}, 1, at));
    server.send(new DatagramPacket(new byte[0], 0, at));
    server.send(new DatagramPacket(new byte[3000], 3000, at));
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("0 for 5");
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("2048 for 5");
  }
}
