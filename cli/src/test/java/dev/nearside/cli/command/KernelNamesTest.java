package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernels that help and README speak of are those that exist. */
class KernelNamesTest {
  @TempDir Path folder;

  @Test
  void kernelsThatAreNamed_exist_andHelpSaysTheSame() throws IOException {
    String row =
        Files.readString(Path.of("../README.md"))
            .lines()
            .filter(line -> line.startsWith("| `NEARSIDE_KERNELS` |"))
            .findFirst()
            .orElseThrow();
    List<String> names =
        Pattern.compile("`([a-z]+)`").matcher(row).results().map(m -> m.group(1)).toList();
    assertEquals(List.of("auto", "scalar", "vector"), names);
    for (String name : names) {
      try (Compute compute = Compute.create(name, 1)) {
        assertTrue(compute.name().length() > 0);
      }
    }
    for (String command : List.of("run", "bench")) {
      String help = new Cli(folder).run(command, "--help").out().replaceAll("\\s+", " ");
      assertTrue(help.contains("auto, scalar or vector; also NEARSIDE_KERNELS"), help);
    }
  }
}
