package dev.nearside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  private @TempDir Path folder;

  /** A command that fails in training would leave every start without an AOT cache. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector"})
  void trainingCommands_run_succeed(String profile) {
    for (List<String> command : Training.commands(new String[] {profile})) {
      assertEquals(0, Training.run(command, folder), command::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast"})
  void unknownProfile_isRefused(String profile) {
    assertThrows(IllegalArgumentException.class, () -> Training.commands(new String[] {profile}));
  }
}
