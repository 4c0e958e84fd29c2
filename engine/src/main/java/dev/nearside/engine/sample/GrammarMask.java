package dev.nearside.engine.sample;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.grammar.Matcher;
import dev.nearside.grammar.TokenGrammar;
import java.util.Arrays;

/**
 * Drops the tokens that a grammar doesn't allow, and near the end of the budget those after which
 * the text could not be finished in time. Whatever the budget, what a sequence generates through
 * this step is a complete text of the grammar when it ends.
 *
 * <p>It follows the tokens that the sequence has, not those that it let through: after a draft was
 * taken back or a sequence was computed again, it goes back and follows along the new way.
 */
public final class GrammarMask implements SamplerStep {
  private final Matcher matcher;
  private final int promptLength;
  private final int maxTokens;
  private int[] matched = new int[64];
  private int hurriedAt = -1; // the first token that the budget changed

  private GrammarMask(Matcher matcher, int promptLength, int maxTokens) {
    this.matcher = matcher;
    this.promptLength = promptLength;
    this.maxTokens = maxTokens;
  }

  /**
   * The step of one sequence.
   *
   * @param promptLength how many tokens stand before the structured text
   * @param maxTokens how many it may have; a token that ends the reply is not counted
   * @throws ChatException where the shortest text of the grammar needs more tokens than that
   */
  public static GrammarMask of(TokenGrammar grammar, int promptLength, int maxTokens) {
    if (grammar.minTokens() > maxTokens) {
      boolean isPossible = grammar.minTokens() != Matcher.UNREACHABLE;
      throw new ChatException(
          Fault.of("too few tokens for the structured output")
              .got(maxTokens)
              .expected(
                  isPossible
                      ? "at least " + grammar.minTokens()
                      : "a model that has its characters")
              .hint("Raise the limit of tokens, or ask for less"));
    }
    return new GrammarMask(grammar.newMatcher(), promptLength, maxTokens);
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history) {
    follow(history);
    long[] inTime = matcher.mask(maxTokens - matcher.length());
    long[] all = matcher.mask();
    if (hurriedAt < 0 && !Arrays.equals(inTime, all)) {
      candidates.keepAllowed(all);
      int best = candidates.id(candidates.best());
      hurriedAt = (inTime[best >> 6] >>> best & 1) == 1 ? -1 : matcher.length();
    }
    candidates.keepAllowed(inTime);
  }

  /**
   * Whether the budget changed the text: somewhere the likeliest token was left out because the
   * text could not have been finished after it. Such a text is complete, but not as it was meant.
   */
  public boolean isHurried() {
    return hurriedAt >= 0;
  }

  /** Whether the tokens of {@code history} behind the prompt are a complete text. */
  public boolean isComplete(TokenHistory history) {
    follow(history);
    return matcher.isComplete();
  }

  /** Whether they are a complete text that nothing may continue. */
  public boolean mustEnd(TokenHistory history) {
    follow(history);
    return matcher.mustEnd();
  }

  private void follow(TokenHistory history) {
    int length = history.length() - promptLength;
    int same = Math.min(length, matcher.length());
    // What was taken back was at the end, so differences are found from there.
    int agreed = same;
    for (int i = same - 1; i >= 0 && i >= same - 256; i--) {
      agreed = matched[i] == history.at(promptLength + i) ? agreed : i;
    }
    if (agreed < matcher.length() && agreed <= hurriedAt) {
      hurriedAt = -1;
    }
    matcher.rollback(agreed);
    for (int i = agreed; i < length; i++) {
      int id = history.at(promptLength + i);
      if (!matcher.accept(id)) {
        throw new ChatException(
            Fault.of("a token that the grammar does not allow").got(id).where("token " + i));
      }
      if (i == matched.length) {
        matched = Arrays.copyOf(matched, 2 * matched.length);
      }
      matched[i] = id;
    }
  }
}
