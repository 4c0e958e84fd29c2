package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Command lines that make no sense, and the helps that they point to. */
class UsageTest {
  @TempDir Path home;

  @Test
  void badCommandLines_areToldInAFewLines() {
    assertUsage(
        "See 'nearside serve --help'.", "'abc' is not a whole number", "serve", "--ctx", "abc");
    assertUsage("See 'nearside serve --help'.", "Unknown option: '--nope'", "serve", "--nope");
    assertUsage("See 'nearside --help'.", "there is no command 'blah'", "blah");
    assertUsage("See 'nearside key --help'.", "add, list or rm", "key");
    assertUsage(
        "See 'nearside key add --help'.", "--per-minute", "key", "add", "a", "--per-minute", "-1");
    assertUsage("See 'nearside serve --help'.", "'foo' is no origin", "serve", "--cors", "foo");
    assertUsage("See 'nearside serve --help'.", "--host needs", "serve", "--host", "");
    assertUsage("See 'nearside serve --help'.", "1 to 1024", "serve", "--threads", "9999");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "https://app.example",
        "http://localhost:*",
        "http://[::1]:8080",
        "http://127.0.0.1:3000",
        "app://*",
        "chrome-extension://abcdef"
      })
  void origin_asBrowsersWriteThem_isTaken(String origin) {
    assertEquals(origin, new OriginConverter().convert(origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "foo", "app.example", "https://", "https://a/", "https://a*", "http://a:b"})
  void origin_thatNoBrowserSends_isRefused(String origin) {
    assertThrows(TypeConversionException.class, () -> new OriginConverter().convert(origin));
  }

  @Test
  void examples_fitATerminalOfUsualWidth() {
    RootCommand.commandLine(CliContext.ofProcess())
        .getSubcommands()
        .forEach((verb, command) -> {
          for (String line : command.getCommandSpec().usageMessage().footer()) {
            assertTrue(line.length() <= 80 || !line.startsWith("  "), verb + ": " + line);
          }
        });
  }

  private void assertUsage(String pointer, String message, String... args) {
    Cli.Result result = new Cli(home).run(args);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().startsWith("error: "), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertEquals(pointer, result.err().lines().toList().getLast());
    assertTrue(result.err().lines().count() <= 4, result.err());
  }
}
