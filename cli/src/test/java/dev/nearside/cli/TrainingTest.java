package dev.nearside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.model.Compute;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  private @TempDir Path folder;

  /** A command that fails in training would leave every start without an AOT cache. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector", "machine"})
  void trainingCommands_run_succeed(String profile) {
    assumeTrue(!profile.equals("machine") || hasMachineCode(), "no machine code here");
    for (List<String> command : Training.commands(new String[] {profile})) {
      assertEquals(0, Training.run(command, folder), command::toString);
    }
  }

  private static boolean hasMachineCode() {
    try (Compute compute = Compute.create(null, 1)) {
      return compute.name().equals("machine");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast"})
  void unknownProfile_isRefused(String profile) {
    assertThrows(IllegalArgumentException.class, () -> Training.commands(new String[] {profile}));
  }
}
