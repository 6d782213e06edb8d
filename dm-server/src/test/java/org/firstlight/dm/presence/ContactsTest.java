package org.firstlight.dm.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.firstlight.dm.transport.Peer;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Whereabouts;
import org.junit.jupiter.api.Test;

class ContactsTest {
  private static final EndpointName NAME = new EndpointName("urn:dev:1");
  private static final Peer PEER = new Peer.Certified(NAME, "aa");
  private static final Peer OTHER = new Peer.Certified(NAME, "bb");

  private final Contacts contacts = new Contacts();

  private static Contact contact(String id, int account, String address) {
    Whereabouts stored = new Whereabouts(Duration.ofHours(1), "U", false, address, "node");
    return new Contact(id, account, NAME, PEER, address, stored, 0, null);
  }

  @Test
  void what_is_heard_of_an_ended_registration_does_not_hide_the_newer_one() {
    Contact ended = contact("r1", 1, "192.0.2.1:1");
    Contact newer = contact("r2", 1, "192.0.2.1:2");
    contacts.remember(ended);
    contacts.remember(newer);

    contacts.refresh(ended.heardFrom(PEER, "192.0.2.1:9"));
    contacts.heardFrom("r1", PEER, "192.0.2.1:9");

    assertThat(contacts.find(1, NAME)).contains(newer);
    assertThat(contacts.find("r2")).contains(newer);
    assertThat(contacts.find("r1")).isEmpty();
  }

  @Test
  void what_is_heard_of_a_forgotten_device_brings_it_not_back() {
    contacts.remember(contact("r1", 1, "192.0.2.1:1"));
    contacts.forget(NAME);

    contacts.heardFrom("r1", PEER, "192.0.2.1:9");

    assertThat(contacts.endpointNames()).isEmpty();
    assertThat(contacts.find("r1")).isEmpty();
  }

  @Test
  void only_its_own_peer_moves_a_contact() {
    contacts.remember(contact("r1", 1, "192.0.2.1:1"));
    contacts.remember(contact("r3", 3, "192.0.2.1:3"));

    contacts.heardFrom("r1", OTHER, "198.51.100.1:9");
    assertThat(contacts.find("r1").orElseThrow().address()).isEqualTo("192.0.2.1:1");

    contacts.heardFrom("r1", PEER, "192.0.2.1:9");
    assertThat(contacts.find("r1").orElseThrow().address()).isEqualTo("192.0.2.1:9");
    assertThat(contacts.find(1, NAME)).isEqualTo(contacts.find("r1"));
    assertThat(contacts.find(3, NAME).orElseThrow().address()).isEqualTo("192.0.2.1:3");
  }

  @Test
  void one_that_is_heard_first_is_remembered() {
    Contact first = contact("r1", 1, "192.0.2.1:1");

    contacts.refresh(first);

    assertThat(contacts.find("r1")).contains(first);
  }
}
