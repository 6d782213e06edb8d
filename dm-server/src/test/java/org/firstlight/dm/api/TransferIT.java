package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one owner to the next. */
class TransferIT {
  @TempDir Path folder;
  private RunningApi api;
  private String transfer;

  @BeforeEach
  void start() throws Exception {
    api = new RunningApi(folder);
    api.ship();
    api.claim(0, RunningApi.PROVIDER);
    transfer = "/devices/" + RunningApi.path(api.name(0)) + "/transfer";
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void the_administrator_moves_a_device_at_once_and_a_free_one_too() throws Exception {
    Reply moved = api.as(api.administrator).post(transfer, to(RunningApi.OTHER_PROVIDER));

    assertThat(moved.status()).as(moved.text()).isEqualTo(200);
    assertThat(moved.body().has("claimCode")).isFalse();
    assertThat(device(0).owner()).contains(RunningApi.OTHER_PROVIDER);
    assertThat(device(0).state()).isEqualTo(DeviceState.CLAIMED);
    assertThat(see(RunningApi.PROVIDER)).isEqualTo(404);
    assertThat(see(RunningApi.OTHER_PROVIDER)).isEqualTo(200);

    String free = "/devices/" + RunningApi.path(api.name(1)) + "/transfer";
    String code = api.shipment.devices().get(1).claimCode();
    assertThat(api.as(api.administrator).post(free, to(RunningApi.PROVIDER)).status())
        .isEqualTo(200);
    assertThat(device(1).owner()).contains(RunningApi.PROVIDER);
    assertThat(claim(RunningApi.OTHER_PROVIDER, code).status()).isEqualTo(404);
  }

  @Test
  void an_owners_offer_is_good_for_the_named_tenant_alone_and_once() throws Exception {
    Reply offered = api.as(api.token(RunningApi.PROVIDER)).post(transfer, to("rivals"));
    assertThat(offered.status()).as(offered.text()).isEqualTo(200);
    String code = offered.body().path("claimCode").asText();

    assertThat(device(0).owner()).isEmpty();
    assertThat(device(0).state()).isEqualTo(DeviceState.EXPECTED);
    assertThat(device(0).claimCodeSha256())
        .isPresent()
        .isNotEqualTo(Optional.of(ClaimCode.sha256(code)));
    Reply former = claim(RunningApi.PROVIDER, code);
    Reply nobodys = claim(RunningApi.PROVIDER, "AAAA-BBBB-CCCC-DDDD");
    assertThat(former.status()).isEqualTo(404);
    assertThat(former.text()).isEqualTo(nobodys.text());
    assertThat(claim(RunningApi.PROVIDER, code + "\n" + RunningApi.OTHER_PROVIDER).status())
        .isEqualTo(404);

    assertThat(claim(RunningApi.OTHER_PROVIDER, code).status()).isEqualTo(201);
    assertThat(claim(RunningApi.OTHER_PROVIDER, code).status()).isEqualTo(201);
    assertThat(device(0).owner()).contains(RunningApi.OTHER_PROVIDER);

    api.as(api.token(RunningApi.OTHER_PROVIDER)).delete("/claims/" + RunningApi.path(api.name(0)));
    assertThat(claim(RunningApi.OTHER_PROVIDER, code).status()).isEqualTo(404);
  }

  @Test
  void who_may_not_or_names_nobody_moves_nothing() throws Exception {
    RunningApi.Caller owner = api.as(api.token(RunningApi.PROVIDER));
    RunningApi.Caller other = api.as(api.token(RunningApi.OTHER_PROVIDER));
    RunningApi.Caller admin = api.as(api.administrator);

    assertThat(other.post(transfer, to(RunningApi.OTHER_PROVIDER)).status()).isEqualTo(404);
    assertThat(admin.post(transfer, to("nobody")).status()).isEqualTo(400);
    assertThat(admin.post(transfer, to(RunningApi.MAKER)).status()).isEqualTo(400);
    assertThat(admin.post(transfer, to(RunningApi.PROVIDER)).status()).isEqualTo(409);
    assertThat(owner.post(transfer, to(RunningApi.PROVIDER)).status()).isEqualTo(409);
    assertThat(owner.post(transfer, to("no id")).status()).isEqualTo(400);
    assertThat(owner.post(transfer, "{}").status()).isEqualTo(400);
    assertThat(device(0).owner()).contains(RunningApi.PROVIDER);
  }

  private static String to(String tenant) {
    return "{\"tenant\":\"" + tenant + "\"}";
  }

  private Reply claim(String tenant, String code) throws Exception {
    return api.as(api.token(tenant))
        .post("/claims", RunningApi.JSON.createObjectNode().put("code", code).toString());
  }

  private int see(String tenant) throws Exception {
    return api.as(api.token(tenant)).get("/devices/" + RunningApi.path(api.name(0))).status();
  }

  private Device device(int index) {
    return api.state.find(Kinds.DEVICE, api.name(index)).orElseThrow().value();
  }
}
