package dev.nearside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  static Stream<List<String>> commands() {
    return Stream.of("plain", "vector")
        .flatMap(profile -> Training.commands(new String[] {profile}).stream())
        .distinct();
  }

  /** A command that fails in training would leave every start without an AOT cache. */
  @ParameterizedTest
  @MethodSource("commands")
  void trainingCommand_run_succeeds(List<String> command) {
    assertEquals(0, Main.run(command.toArray(String[]::new)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast"})
  void unknownProfile_isRefused(String profile) {
    assertThrows(IllegalArgumentException.class, () -> Training.commands(new String[] {profile}));
  }
}
