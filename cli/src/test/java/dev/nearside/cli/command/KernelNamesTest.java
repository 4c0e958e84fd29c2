package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.Compute;
import dev.nearside.tensor.TensorException;
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
    assertEquals(List.of("auto", "scalar", "vector", "machine"), names);
    for (String name : names) {
      try (Compute compute = Compute.create(name, 1)) {
        assertTrue(compute.name().length() > 0);
      } catch (TensorException e) { // not every CPU has machine code
        assertEquals("machine", name);
        assertFalse(e.toString().contains("no kernels of this name"), e.toString());
      }
    }
    for (String command : List.of("run", "bench")) {
      String help = new Cli(folder).run(command, "--help").out().replaceAll("\\s+", " ");
      assertTrue(help.contains("auto, scalar, vector or machine; also NEARSIDE_KERNELS"), help);
    }
  }
}
