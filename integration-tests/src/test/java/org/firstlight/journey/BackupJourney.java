package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.firstlight.cli.backup.BackupCommand;
import org.firstlight.cli.backup.RestoreCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A data directory is lost, and its backup was made under load: devices go on all the same. */
class BackupJourney {
  @TempDir private Path folder;

  private record Told(int exit, String words) {}

  @Test
  void a_fleet_goes_on_from_its_backup_in_a_fresh_data_directory() throws Exception {
    try (World world = World.ready(folder, 3)) {
      world.cast().plan("psk");
      world.cast().claim(world.device(0));
      world.cast().claim(world.device(1));
      Thing thing = world.unpack(world.device(0)).switchOn();
      Thing other = world.unpack(world.device(1)).switchOn();
      world.awaitEnd(thing.name());
      world.awaitEnd(other.name());
      JsonNode registration = world.seen(thing.name(), "registrations").at("/items/0");
      JsonNode sessions = world.seen(thing.name(), "sessions");
      JsonNode operators = world.cast().operator().get("/subscriptions").path("items");

      Path backup = folder.resolve("fleet.backup");
      Told written = underLoad(world, () -> run(new BackupCommand(), world, backup, "--with-keys"));
      assertThat(written.exit()).as(written.words()).isZero();
      assertThat(written.words()).contains("3 devices").contains("private keys");

      world.stopPlatform();
      Files.move(world.dataDirectory(), folder.resolve("lost"));
      Told restored = run(new RestoreCommand(), world, backup);
      assertThat(restored.exit()).as(restored.words()).isZero();
      world.startPlatform();

      assertThat(world.seen(thing.name()).path("state").asText()).isEqualTo("CONFIGURED");
      assertThat(world.seen(thing.name(), "registrations").at("/items/0/id"))
          .isEqualTo(registration.path("id"));
      assertThat(world.seen(thing.name(), "sessions")).isEqualTo(sessions);
      assertThat(world.cast().operator().get("/subscriptions").path("items")).isEqualTo(operators);

      // the DTLS connection is gone: its PSK, decrypted with the key from the backup, lets it in
      world.cast().configure("Asia/Tokyo", world.cloudCredential());
      thing.speaksUp();
      eventually(() -> assertThat(thing.holds(3, 0, 15)).isEqualTo("Asia/Tokyo"));
      thing.speaksUp().sees("update", "2.04");
      other.speaksUp();
      eventually(() -> assertThat(other.holds(3, 0, 15)).isEqualTo("Asia/Tokyo"));
      assertThat(thing.steps("bootstrap")).hasSize(1);

      world.cast().claim(world.device(2));
      Thing late = world.unpack(world.device(2)).switchOn();
      world.awaitEnd(late.name());
    }
  }

  @Test
  void a_restore_says_what_is_wrong_and_writes_nothing() throws Exception {
    try (World world = World.ready(folder, 1)) {
      Path backup = folder.resolve("fleet.backup");
      Told written = run(new BackupCommand(), world, backup);
      assertThat(written.exit()).as(written.words()).isZero();
      assertThat(written.words()).contains("The keys are not in it");
      assertThat(run(new RestoreCommand(), world, backup, "--check").words()).contains("1 devices");
      assertThat(run(new RestoreCommand(), world, backup, "--replace"))
          .satisfies(refused -> assertThat(refused.exit()).isNotZero())
          .satisfies(refused -> assertThat(refused.words()).contains("another Firstlight process"));

      world.stopPlatform();
      assertThat(run(new RestoreCommand(), world, backup).words()).contains("--replace");
      byte[] content = Files.readAllBytes(backup);
      content[content.length / 2] ^= 1;
      Path damaged = Files.write(folder.resolve("damaged.backup"), content);
      assertThat(run(new RestoreCommand(), world, damaged, "--replace").words())
          .contains("its checksum does not fit");

      Files.move(world.dataDirectory().resolve("keys"), folder.resolve("keys"));
      world.startPlatform();
      world.stopPlatform();
      assertThat(run(new RestoreCommand(), world, backup, "--replace").words())
          .contains("kek-1.key is another than the backup's");
      Files.move(world.dataDirectory().resolve("keys"), folder.resolve("other-keys"));
      Told restored = run(new RestoreCommand(), world, backup, "--replace");
      assertThat(restored.exit()).as(restored.words()).isZero();
      assertThat(restored.words()).contains("put the copies of keys/kek-1.key into");

      Files.move(folder.resolve("keys"), world.dataDirectory().resolve("keys"));
      world.startPlatform();
      world.cast().claim(world.device(0));
      world.awaitEnd(world.unpack(world.device(0)).switchOn().name());
    }
  }

  private interface Work {
    Told run() throws Exception;
  }

  /** Does it while people edit. */
  private static Told underLoad(World world, Work work) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger edits = new AtomicInteger();
    Thread load =
        new Thread(
            () -> {
              while (!enough.get()) {
                world.cast().administrator().put("/tenants/t" + edits.get() % 5, tenant());
                edits.incrementAndGet();
              }
            });
    load.start();
    try {
      eventually(() -> assertThat(edits.get()).isPositive());
      return work.run();
    } finally {
      enough.set(true);
      load.join();
    }
  }

  private static Map<String, Object> tenant() {
    return Map.of("name", "Load", "kind", "SERVICE_PROVIDER");
  }

  private static Told run(Object command, World world, Path backup, String... options) {
    StringWriter words = new StringWriter();
    PrintWriter out = new PrintWriter(words);
    String[] all = {backup.toString(), "--config", world.config().toString()};
    int exit =
        new CommandLine(command)
            .setOut(out)
            .setErr(out)
            .setExecutionExceptionHandler(
                (exception, line, parsed) -> {
                  line.getErr().println(exception.getMessage());
                  return 1;
                })
            .execute(Stream.concat(Stream.of(all), Stream.of(options)).toArray(String[]::new));
    return new Told(exit, words.toString());
  }
}
