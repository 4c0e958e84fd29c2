package dev.nearside.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where commands on many texts find them: as words, in a file, or on standard input. */
final class TextLines {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read the texts from this file, one per line.")
  @Nullable Path file;

  /**
   * The texts.
   *
   * @param words the command line's own
   */
  List<String> read(CliContext context, CommandLine command, List<String> words)
      throws IOException {
    if (file != null && !words.isEmpty()) {
      throw new ParameterException(command, "either texts or --file, not both");
    }
    if (!words.isEmpty()) {
      return words;
    }
    if (file == null && context.isTerminalIn()) {
      throw new ParameterException(command, "no texts: give some, or --file, or pipe them in");
    }
    try (InputStream in = file == null ? context.in() : Files.newInputStream(file)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new ArrayList<>(all.lines().toList());
    }
  }
}
