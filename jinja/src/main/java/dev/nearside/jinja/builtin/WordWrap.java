package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code textwrap.wrap} for one paragraph, tabs and white space kept. */
final class WordWrap {
  private static final String SPACE = "[\\t\\n\\x0B\\f\\r ]";
  private static final String NO_SPACE = "[^\\t\\n\\x0B\\f\\r ]";
  private static final String PUNCTUATED = "[\\w!\"'&.,?]";
  private static final String LETTER = "[\\w&&[^\\d]]";

  /** White space, a dash between words, or a word up to a hyphen, a dash or its end. */
  private static final Pattern HYPHENATED =
      Pattern.compile(
          ("S+|(?<=P)-{2,}(?=\\w)"
                  + "|N+?(?:-(?:(?<=L{2}-)|(?<=L-P-))(?=L-?L)|(?=S|\\z)|(?<=P)(?=-{2,}\\w))")
              .replace("S", SPACE)
              .replace("N", NO_SPACE)
              .replace("P", PUNCTUATED)
              .replace("L", LETTER),
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern SIMPLE = Pattern.compile(SPACE + "+|" + NO_SPACE + "+");

  private final Budget budget;
  private final int width;
  private final boolean breaksLongWords;
  private final boolean breaksOnHyphens;

  WordWrap(Budget budget, int width, boolean breaksLongWords, boolean breaksOnHyphens) {
    this.budget = budget;
    this.width = width;
    this.breaksLongWords = breaksLongWords;
    this.breaksOnHyphens = breaksOnHyphens;
  }

  List<String> wrap(String paragraph) {
    if (width <= 0) {
      throw new Failure("invalid width " + width + " (must be > 0)");
    }
    Deque<String> chunks = chunks(paragraph);
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      if (!lines.isEmpty() && isBlank(chunks.peek())) {
        chunks.pop();
      }
      List<String> line = line(chunks);
      if (!line.isEmpty() && isBlank(line.getLast())) {
        line.removeLast();
      }
      if (!line.isEmpty()) {
        lines.add(String.join("", line));
      }
    }
    return lines;
  }

  private static boolean isBlank(String chunk) {
    return CodePoints.strip(chunk, true, false).isEmpty();
  }

  private Deque<String> chunks(String paragraph) {
    Deque<String> chunks = new ArrayDeque<>();
    Matcher matcher = (breaksOnHyphens ? HYPHENATED : SIMPLE).matcher(paragraph);
    int end = 0;
    while (matcher.find()) {
      budget.step();
      budget.charge(matcher.end() - end);
      if (matcher.start() > end) {
        chunks.add(paragraph.substring(end, matcher.start()));
      }
      chunks.add(matcher.group());
      end = matcher.end();
    }
    if (end < paragraph.length()) {
      chunks.add(paragraph.substring(end));
    }
    return chunks;
  }

  /** Takes the chunks of one line. */
  private List<String> line(Deque<String> chunks) {
    List<String> line = new ArrayList<>();
    int length = 0;
    while (!chunks.isEmpty() && length + length(chunks.peek()) <= width) {
      length += length(chunks.peek());
      line.add(chunks.pop());
    }
    if (!chunks.isEmpty() && length(chunks.peek()) > width) {
      longWord(chunks, line, width - length);
    }
    return line;
  }

  private static int length(String chunk) {
    return CodePoints.length(chunk);
  }

  private void longWord(Deque<String> chunks, List<String> line, int left) {
    if (!breaksLongWords) {
      if (line.isEmpty()) {
        line.add(chunks.pop());
      }
      return;
    }
    String chunk = chunks.pop();
    budget.charge(chunk.length());
    int end = chunk.offsetByCodePoints(0, left);
    int hyphen = breaksOnHyphens ? chunk.substring(0, end).lastIndexOf('-') : -1;
    if (hyphen > 0 && chunk.substring(0, hyphen).chars().anyMatch(c -> c != '-')) {
      end = hyphen + 1;
    }
    line.add(chunk.substring(0, end));
    chunks.push(chunk.substring(end));
  }
}
