package org.firstlight.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Repository.page("reference.md");

  @Test
  void page_says_what_the_code_has() throws IOException {
    String made = ReferencePage.text();
    if (System.getProperty("firstlight.update") != null) {
      Files.writeString(PAGE, made);
    }

    assertThat(PAGE)
        .as("docs/reference.md is stale: -Dfirstlight.update writes it")
        .hasContent(made);
  }
}
