package org.firstlight.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir private Path folder;

  @Test
  void the_smallest_file_gets_every_default() throws ConfigException {
    FirstlightConfig config = ConfigFile.parse("dataDirectory: data", folder);

    assertThat(config.dataDirectory()).isEqualTo(folder.resolve("data"));
    assertThat(config.node()).isEqualTo("n1");
    assertThat(config.nodeNumber()).isEqualTo(1);
    assertThat(config.redis().mode()).isEqualTo(RedisConfig.Mode.EMBEDDED);
    assertThat(config.redis().durability()).isEqualTo(RedisConfig.Durability.EVERYSEC);
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
    assertThat(config.http().port()).isEqualTo(8080);
    assertThat(config.http().tls()).isEmpty();
    assertThat(config.bootstrap().port()).isEqualTo(5684);
    assertThat(config.bootstrap().plainPort()).isEmpty();
    assertThat(config.dm().port()).isEqualTo(5784);
    assertThat(config.dm().uri()).isEqualTo(URI.create("coaps://localhost:5784"));
    assertThat(config.custody().subscriptionRoots()).isEmpty();
  }

  @Test
  void every_key_reaches_its_field() throws ConfigException {
    FirstlightConfig config =
        ConfigFile.parse(
            """
            dataDirectory: /var/lib/firstlight
            node: node7
            redis: { mode: sentinel, nodes: ["s1.example:26379", s2.example], master: fleet, user: fl, passwordFile: redis.pw, sentinelUser: w, sentinelPasswordFile: s.pw, tls: {trust: ca.pem}, replicas: 1, durability: always }
            http: { host: 0.0.0.0, port: 443, publicUrl: "https://fl.example", tls: {certificate: c.pem, key: k.pem}, trustedProxy: true }
            bootstrap: { host: 10.0.0.1, port: 1, names: [bs.example, b.example], healthPort: 2, plainPort: 3 }
            dm: { host: 10.0.0.2, port: 4, names: [dm.example], publicUri: "coaps://dm.example:4", plainPort: 5 }
            custody: { subscriptionRoots: [s.pem], euiccRoots: [e1.pem, sub/e2.pem] }
            pki: { revocationListUrl: "http://crl.example/a.crl", token: { library: /usr/lib/p11.so, label: fleet, pinFile: pin.txt } }
            """,
            folder);

    assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/firstlight"));
    assertThat(config.nodeNumber()).isEqualTo(7);
    assertThat(config.redis().mode()).isEqualTo(RedisConfig.Mode.SENTINEL);
    assertThat(config.redis().nodes()).containsExactly("s1.example:26379", "s2.example");
    assertThat(config.redis().master()).contains("fleet");
    assertThat(config.redis().sentinelUser()).contains("w");
    assertThat(config.redis().sentinelPasswordFile()).contains(folder.resolve("s.pw"));
    assertThat(config.redis().tls())
        .contains(new RedisConfig.Tls(Optional.of(folder.resolve("ca.pem"))));
    assertThat(config.redis().replicas()).isEqualTo(1);
    assertThat(config.redis().user()).contains("fl");
    assertThat(config.redis().passwordFile()).contains(folder.resolve("redis.pw"));
    assertThat(config.redis().durability()).isEqualTo(RedisConfig.Durability.ALWAYS);
    assertThat(config.http().publicUrl()).contains(URI.create("https://fl.example"));
    assertThat(config.http().tls())
        .contains(new HttpConfig.Tls(folder.resolve("c.pem"), folder.resolve("k.pem")));
    assertThat(config.http().trustedProxy()).isTrue();
    assertThat(config.bootstrap().names()).containsExactly("bs.example", "b.example");
    assertThat(config.bootstrap().healthPort()).isEqualTo(2);
    assertThat(config.bootstrap().plainPort()).hasValue(3);
    assertThat(config.dm().plainPort()).hasValue(5);
    assertThat(config.pki().revocationListUrl()).contains(URI.create("http://crl.example/a.crl"));
    assertThat(config.pki().token())
        .contains(new TokenConfig(Path.of("/usr/lib/p11.so"), "fleet", folder.resolve("pin.txt")));
    assertThat(config.custody().euiccRoots())
        .containsExactly(folder.resolve("e1.pem"), folder.resolve("sub/e2.pem"));
  }

  @Test
  void devices_are_sent_to_the_first_name_and_the_port_unless_another_address_is_given()
      throws ConfigException {
    FirstlightConfig config =
        ConfigFile.parse(
            "dataDirectory: d\ndm: { port: 15784, names: [dm.example, d.example] }", folder);

    assertThat(config.dm().uri()).isEqualTo(URI.create("coaps://dm.example:15784"));
  }

  @Test
  void a_key_without_a_value_counts_as_left_out() throws ConfigException {
    FirstlightConfig config =
        ConfigFile.parse("dataDirectory: data\nnode:\ndm: { plainPort: }\nhttp:\n", folder);

    assertThat(config.node()).isEqualTo("n1");
    assertThat(config.dm().plainPort()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node: n1                                            | 1: dataDirectory: is needed
          dataDirectory: d\\nndoe: n2                         | 2: ndoe: unknown key; known here: bootstrap, crypto, custody
          dataDirectory: d\\nhttp:\\n  prot: 80               | 3: http.prot: unknown key; known here: host, port
          dataDirectory: d\\nhttp:\\n  port: eighty           | 3: http.port: must be a whole number
          dataDirectory: d\\nhttp:\\n  port: "8080"           | 3: http.port: must be a whole number
          dataDirectory: d\\nhttp:\\n  port: 80.5             | 3: http.port: must be a whole number
          dataDirectory: d\\nhttp:\\n  port: 65536            | 3: http.port: must be a port from 0 to 65535
          dataDirectory: d\\nhttp:\\n  port: 99999999999      | 3: http.port: must be a whole number
          dataDirectory: d\\nhttp:\\n  host: 0.0.0.0          | 3: http.host: is not a loopback address
          dataDirectory: d\\nhttp:\\n  trustedProxy: 1        | 3: http.trustedProxy: must be true or false
          dataDirectory: d\\nhttp: 8080                       | 2: http: must hold keys of its own
          dataDirectory: d\\nhttp: { tls: { key: k.pem } }    | 2: http.tls.certificate: is needed
          dataDirectory: d\\nredis:\\n  mode: given           | 3: redis.mode: must be one of embedded, standalone, sentinel, cluster
          dataDirectory: d\\nredis:\\n  mode: cluster         | 2: redis.nodes: is needed when redis.mode is not embedded
          dataDirectory: d\\nredis: { nodes: ["h:1"] }        | 2: redis.nodes: has no meaning when redis.mode is embedded
          dataDirectory: d\\nredis: { mode: standalone, nodes: [a, b] } | 2: redis.nodes: must hold one
          dataDirectory: d\\nredis: { mode: cluster, nodes: ["redis://:pw@h:1"] } | 2: redis.nodes: must hold host:port
          dataDirectory: d\\nredis: { mode: sentinel, nodes: [h] } | 2: redis.master: is needed when redis.mode is sentinel
          dataDirectory: d\\nredis: { mode: cluster, nodes: [h], master: m } | 2: redis.master: has no meaning when redis.mode is cluster
          dataDirectory: d\\nredis: { mode: cluster, nodes: [h], replicas: 2 } | 2: redis.replicas: must be 0 or 1
          dataDirectory: d\\nredis: { mode: cluster, nodes: [h], tls: { ca: f } } | 2: redis.tls.ca: unknown key
          dataDirectory: d\\nbootstrap:\\n  names: localhost  | 3: bootstrap.names: must be a list
          dataDirectory: d\\nbootstrap:\\n  names: []         | 3: bootstrap.names: must hold at least one name
          dataDirectory: d\\nbootstrap:\\n  names: [Aß]       | 3: bootstrap.names: must hold DNS names
          dataDirectory: d\\nbootstrap: { plainPort: -1 }     | 2: bootstrap.plainPort: must be a port
          dataDirectory: d\\npki: { revocationListUrl: "ldap://crl.example" } | 2: pki.revocationListUrl: must look like http
          dataDirectory: d\\npki: { revocationListUrl: "http://me:pw@crl.example/" } | 2: pki.revocationListUrl: must look like http
          dataDirectory: d\\npki: { token: { label: a, pinFile: p } } | 2: pki.token.library: is needed
          dataDirectory: d\\npki: { token: { library: l.so, label: "", pinFile: p } } | 2: pki.token.label: must have 1 to 32 characters
          dataDirectory: d\\npki: { token: { library: "a$b.so", label: a, pinFile: p } } | 2: pki.token.library: must be a path without quotes
          dataDirectory: d\\ndm: { publicUri: "coaps://dm.example" } | 2: dm.publicUri: has a host that is not among dm.names
          dataDirectory: d\\ndm: { publicUri: "coap://localhost" } | 2: dm.publicUri: must look like coaps
          dataDirectory: d\\nnode: n256                       | 2: node: must be letters and a number
          dataDirectory: d\\nnode: 7                          | 2: node: must be letters and a number
          dataDirectory: d\\nnode: n1\\nnode: n2              | 3: duplicate key 'node'
          dataDirectory: [a]                                  | 1: dataDirectory: must be a path
          dataDirectory: &a d\\nnode: *a                      | 2: node: anchors and aliases are not allowed
          dataDirectory: !!java.io.File d                     | 1: dataDirectory: tags are not allowed
          dataDirectory: d\\n---\\nnode: n1                   | must hold one document only
          just text                                           | 1: must begin with a key
          - a list                                            | 1: must begin with a key
          dataDirectory: [unclosed                            | is not readable YAML
          """)
  void what_is_wrong_is_named_with_line_and_key(String text, String expected) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.parse(text.replace("\\n", "\n"), folder))
        .withMessageContaining("configuration:")
        .withMessageContaining(expected);
  }

  @Test
  void a_password_in_a_wrong_place_is_not_shown() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                ConfigFile.parse(
                    "dataDirectory: d\nredis: { mode: cluster, nodes: ['redis://:hunter2@h:1'] }",
                    folder))
        .withMessageNotContaining("hunter2");
  }

  @Test
  void a_file_names_itself() throws Exception {
    Path file = folder.resolve("firstlight.yaml");
    Files.writeString(file, "dataDirectory: d\nhtpp: {}\n");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.read(file))
        .withMessageStartingWith(file + ":2: htpp: unknown key");
  }

  @Test
  void paths_count_from_the_file() throws Exception {
    Path file = folder.resolve("firstlight.yaml");
    Files.writeString(file, "dataDirectory: ../data\n");

    assertThat(ConfigFile.read(file).dataDirectory())
        .isEqualTo(folder.resolveSibling("data").toAbsolutePath());
  }

  @Test
  void files_that_are_missing_huge_or_not_text_are_refused() throws Exception {
    Path huge = folder.resolve("huge.yaml");
    Files.writeString(huge, "#".repeat(ConfigFile.MAX_BYTES + 1));
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, new byte[] {'a', ':', (byte) 0xc3, (byte) 0x28});

    refused(folder.resolve("none.yaml"), "cannot be read");
    refused(folder, "cannot be read");
    refused(huge, "is larger than");
    refused(binary, "is not UTF-8 text");
  }

  @Test
  void a_bomb_of_aliases_is_refused_at_its_first_anchor() {
    StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'k'; c++) {
      bomb.append(
          "%1$c: &%1$c [*%2$c,*%2$c,*%2$c,*%2$c,*%2$c,*%2$c]\n".formatted(c, (char) (c - 1)));
    }
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.parse(bomb.toString(), folder))
        .withMessageContaining("anchors and aliases");
  }

  @Test
  void nesting_without_end_is_refused() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.parse("[".repeat(30_000), folder));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.parse("a: {".repeat(10_000), folder));
  }

  private static void refused(Path file, String reason) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.read(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(reason);
  }
}
