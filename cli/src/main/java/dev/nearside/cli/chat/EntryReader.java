package dev.nearside.cli.chat;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;

/** Reads what a person enters: a line, or several. */
final class EntryReader {
  private static final String PROMPT = ">>> ";
  private static final String CONTINUED = "... ";
  private static final String FENCE = "\"\"\"";
  // A path such as /usr/bin is text; a word behind a slash is a command, if a mistaken one.
  private static final Pattern COMMAND =
      Pattern.compile("\\s*/[\\p{Alpha}?]*(\\s.*)?", Pattern.DOTALL);

  /**
   * What was entered.
   *
   * @param isCommand whether it begins with a command's name
   */
  record Entry(String text, boolean isCommand) {
    static final Entry NONE = new Entry("", false);

    static Entry ofLine(String text) {
      return new Entry(text, COMMAND.matcher(text).matches());
    }
  }

  private final LineReader lines;
  private final PrintWriter out;

  EntryReader(LineReader lines, PrintWriter out) {
    this.lines = lines;
    this.out = out;
  }

  /** The next entry, blank where Ctrl-C dropped it; empty when the person leaves. */
  Optional<Entry> read() {
    try {
      String line = lines.readLine(PROMPT);
      if (line.strip().startsWith(FENCE)) {
        return Optional.of(new Entry(fenced(line.strip().substring(FENCE.length())), false));
      }
      StringBuilder all = new StringBuilder();
      while (line.endsWith("\\")) {
        all.append(line, 0, line.length() - 1).append('\n');
        line = lines.readLine(CONTINUED);
      }
      return Optional.of(Entry.ofLine(all.append(line).toString()));
    } catch (UserInterruptException e) {
      if (e.getPartialLine() == null || e.getPartialLine().isEmpty()) {
        out.println("(Ctrl-D or /bye leaves)");
        out.flush();
      }
      return Optional.of(Entry.NONE);
    } catch (EndOfFileException e) {
      return Optional.empty();
    }
  }

  private String fenced(String first) {
    StringBuilder all = new StringBuilder();
    String line = first;
    while (!line.stripTrailing().endsWith(FENCE)) {
      all.append(line).append('\n');
      line = lines.readLine(CONTINUED);
    }
    String last = line.stripTrailing();
    return all.append(last, 0, last.length() - FENCE.length()).toString().strip();
  }
}
