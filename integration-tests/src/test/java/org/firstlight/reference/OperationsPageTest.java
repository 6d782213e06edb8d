package org.firstlight.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.config.RedisConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsPageTest {
  @TempDir Path folder;

  @Test
  void every_configuration_on_the_page_is_good() throws Exception {
    List<String> examples = Page.named("operations.md").blocks("yaml");

    assertThat(examples).hasSize(6);
    FirstlightConfig least = ConfigFile.parse(examples.get(0), folder);
    FirstlightConfig full = ConfigFile.parse(examples.get(1), folder);
    FirstlightConfig people = ConfigFile.parse(examples.get(2), folder);
    FirstlightConfig listed = ConfigFile.parse(examples.get(3), folder);
    FirstlightConfig token = ConfigFile.parse(examples.get(4), folder);
    FirstlightConfig given = ConfigFile.parse(examples.get(5), folder);

    assertThat(least.http().host()).isEqualTo("127.0.0.1");
    assertThat(full.http().tls()).isPresent();
    assertThat(full.custody().euiccRoots()).hasSize(1);
    assertThat(people.oidc()).isPresent();
    assertThat(listed.pki().revocationListUrl()).isPresent();
    assertThat(token.pki().token()).isPresent();
    assertThat(given.redis().mode()).isEqualTo(RedisConfig.Mode.CLUSTER);
  }
}
