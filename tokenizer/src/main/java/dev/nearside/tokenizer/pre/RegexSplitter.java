package dev.nearside.tokenizer.pre;

import dev.nearside.tokenizer.text.GuardedText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts at the matches of a regular expression. */
public final class RegexSplitter extends MatchSplitter {
  private final Pattern pattern;
  private final boolean trusted;

  /**
   * @param trusted whether the expression is known to need linear time and no deep stack; others
   *     run with a limit on their steps
   */
  public RegexSplitter(Pattern pattern, SplitBehavior behavior, boolean invert, boolean trusted) {
    super(behavior, invert);
    this.pattern = pattern;
    this.trusted = trusted;
  }

  @Override
  protected void find(String text, Matches matches) {
    if (trusted) {
      find(pattern.matcher(text), matches);
    } else {
      GuardedText.run(pattern, text, guarded -> find(pattern.matcher(guarded), matches));
    }
  }

  private static void find(Matcher matcher, Matches matches) {
    while (matcher.find()) {
      matches.match(matcher.start(), matcher.end());
    }
  }
}
