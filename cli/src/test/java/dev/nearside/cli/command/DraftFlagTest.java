package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class DraftFlagTest {
  @Command
  private static final class Some {}

  private static Map<String, String> choose(
      List<String> flags, List<String> served, @Nullable String variable) {
    return DraftFlag.choose(new CommandLine(new Some()), flags, served, "usual:1b", variable);
  }

  @Test
  void choose_flagAlone_isForTheServedModel() {
    assertEquals(Map.of("big:8b", "small"), choose(List.of("small"), List.of("big:8b"), null));
    assertEquals(Map.of("usual:1b", "small"), choose(List.of("small"), List.of(), null));
  }

  @Test
  void choose_namedTargets_areTheirs() {
    assertEquals(
        Map.of("a", "x", "b", "y"), choose(List.of("a=x", "b=y"), List.of("a", "b", "c"), null));
  }

  @Test
  void choose_variable_isForTheDefaultModelUnlessAFlagIs() {
    assertEquals(Map.of("usual:1b", "v"), choose(List.of(), List.of("a", "b"), "v"));
    assertEquals(Map.of("usual:1b", "x"), choose(List.of("usual:1b=x"), List.of(), "v"));
    assertEquals(Map.of(), choose(List.of(), List.of(), " "));
  }

  @Test
  void choose_unclear_isAUsageError() {
    for (List<String> flags : List.of(List.of("x"), List.of("a=x", "a=y"), List.of("=x"))) {
      assertThrows(ParameterException.class, () -> choose(flags, List.of("a", "b"), null));
    }
    assertThrows(ParameterException.class, () -> choose(List.of("a="), List.of("a"), null));
  }
}
