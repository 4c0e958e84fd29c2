package dev.nearside.grammar;

import dev.nearside.base.Fault;
import dev.nearside.grammar.automaton.Config;
import dev.nearside.grammar.automaton.Machine;
import dev.nearside.grammar.automaton.Masks;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows one sequence through a grammar, token by token. Not thread-safe. A fork shares what was
 * matched and goes its own way; {@link #rollback} takes tokens back, for drafts that were not
 * accepted. Both are cheap.
 */
public final class Matcher {
  /** What {@link #minTokens} answers where no number of tokens is enough. */
  public static final int UNREACHABLE = Integer.MAX_VALUE;

  private static final int COST_LIMIT = 1 << 28;

  private final TokenVocabulary vocabulary;
  private final Masks masks;
  private final Machine machine;
  private final List<Config> history = new ArrayList<>();
  private Config config;
  private boolean isEnded;

  Matcher(TokenVocabulary vocabulary, Masks masks) {
    this.vocabulary = vocabulary;
    this.masks = masks;
    machine = masks.newMachine();
    config = machine.start();
  }

  private Matcher(Matcher other) {
    vocabulary = other.vocabulary;
    masks = other.masks;
    machine = other.masks.newMachine();
    history.addAll(other.history);
    config = other.config;
    isEnded = other.isEnded;
  }

  /**
   * The tokens that may come next, one bit per id, lowest first; tokens that end the reply are
   * among them exactly when the text is complete.
   *
   * @return words of 64 ids; shared, not to be changed
   */
  public long[] mask() {
    return mask(Integer.MAX_VALUE);
  }

  /**
   * The tokens that may come next if the text is to be complete within the budget. If the budget is
   * at least {@link #minTokens} and each token is taken from such a mask, with one less each time,
   * the text is complete when it is spent.
   *
   * @param remainingTokens how many tokens may still come, this one included; the token that ends
   *     the reply is not counted
   * @throws GrammarException where the budget is below {@link #minTokens}
   */
  public long[] mask(int remainingTokens) {
    if (isEnded) {
      throw new GrammarException(Fault.of("the reply has ended"));
    }
    int least = minTokens();
    if (least > remainingTokens) {
      throw new GrammarException(
          Fault.of("too few tokens are left to finish the structured output")
              .got(remainingTokens)
              .expected(least == UNREACHABLE ? "another vocabulary" : "at least " + least));
    }
    if (remainingTokens <= 0) {
      long[] onlyEnds = new long[(vocabulary.size() + 63) / 64];
      vocabulary.ends().stream().forEach(id -> onlyEnds[id >> 6] |= 1L << id);
      return onlyEnds;
    }
    return masks.mask(config, Math.min(COST_LIMIT - 1, remainingTokens - 1));
  }

  /**
   * Takes a token.
   *
   * @return false, and nothing changes, where the grammar doesn't allow it here
   */
  public boolean accept(int token) {
    if (isEnded) {
      return false;
    }
    Config next = config;
    byte[] bytes = vocabulary.bytes(token);
    if (vocabulary.isEnd(token)) {
      if (!config.isComplete()) {
        return byReference(token);
      }
      history.add(config);
      isEnded = true;
      return true;
    }
    for (byte b : bytes) {
      next = next == null ? null : machine.step(next, b & 0xFF);
    }
    Config referred = machine.stepToken(config, masks.symbolsOf(token));
    if (bytes.length == 0 || next == null) {
      next = referred;
    } else if (referred != null) {
      next = machine.union(next, referred);
    }
    return moveTo(next);
  }

  private boolean byReference(int token) {
    return moveTo(machine.stepToken(config, masks.symbolsOf(token)));
  }

  private boolean moveTo(@Nullable Config next) {
    if (next == null) {
      return false;
    }
    history.add(config);
    config = next;
    return true;
  }

  /** Whether the text may end here. */
  public boolean isComplete() {
    return config.isComplete();
  }

  /** Whether nothing may follow: the text is complete and no token continues it. */
  public boolean mustEnd() {
    return isEnded || (config.isComplete() && config.size() == 0);
  }

  /**
   * A number of tokens that is enough to finish the text from here, 0 where it is complete; {@link
   * #UNREACHABLE} where the vocabulary can't write it.
   */
  public int minTokens() {
    int cost = machine.cost(config);
    return cost >= COST_LIMIT ? UNREACHABLE : cost;
  }

  /**
   * The bytes that must come next because nothing else may, up to {@code max} of them: what can be
   * appended without asking the model.
   */
  public byte[] forced(int max) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Config at = config;
    while (out.size() < max && !at.isComplete()) {
      int only = -1;
      Config after = null;
      for (int b = 0; b < 256 && only != -2; b++) {
        Config next = machine.step(at, b);
        if (next != null) {
          only = only == -1 ? b : -2;
          after = next;
        }
      }
      if (only < 0 || after == null) {
        break;
      }
      out.write(only);
      at = after;
    }
    return out.toByteArray();
  }

  /** How many tokens were taken. */
  public int length() {
    return history.size();
  }

  /** Takes the last tokens back, so that {@code length} of them are left. */
  public void rollback(int length) {
    if (length < 0 || length > history.size()) {
      throw new GrammarException(
          Fault.of("wrong length to roll back to").got(length).expected("0 to " + history.size()));
    }
    while (history.size() > length) {
      config = history.removeLast();
      isEnded = false;
    }
  }

  /** Another matcher at the same place. */
  public Matcher fork() {
    return new Matcher(this);
  }
}
