package dev.nearside.engine.speculate;

import dev.nearside.engine.cache.BlockTable;
import dev.nearside.engine.sample.TokenHistory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One sequence in a {@link DraftModel}: its tokens and the guesses behind them, whose keys and
 * values are stored as far as {@link #computed}; and what guessing gained so far.
 */
final class ModelDrafter {
  private static final int MOST_RESTING = 64; // steps

  private final DraftModel model;
  private final Calibration calibration;
  private final Account account = new Account();
  private final int[] classes = new int[Drafting.MOST]; // of the guesses
  private final double[] chances = new double[Drafting.MOST]; // that all up to it are right
  private int[] tokens = new int[256];
  private int known; // tokens that were said
  private int guesses; // behind them
  private int computed;
  private @Nullable BlockTable table;
  private boolean isOver; // no guesses any more
  private double invested; // time of plain steps when it last caught up
  private double nanos; // that the guesses of this step took
  private int checked;
  private int resting; // steps without guesses

  ModelDrafter(DraftModel model, Calibration all) {
    this.model = model;
    this.calibration = new Calibration(all);
  }

  Account account() {
    return account;
  }

  Calibration calibration() {
    return calibration;
  }

  /** Tokens whose keys and values are stored. */
  int computed() {
    return computed;
  }

  /** Tokens to compute before there is another guess. */
  int missing() {
    return known + guesses - computed;
  }

  int at(int position) {
    return tokens[position];
  }

  int guesses() {
    return guesses;
  }

  /** The first guesses. */
  int[] guesses(int count) {
    return Arrays.copyOfRange(tokens, known, known + count);
  }

  /** How likely the first {@code count} guesses are all right. */
  double chance(int count) {
    return count == 0 ? 1 : chances[count - 1];
  }

  int[] blocks() {
    if (table == null) {
      throw new IllegalStateException("the sequence has no blocks in the draft model");
    }
    return table.blocks();
  }

  /**
   * A step begins: takes over what was said meanwhile; what is stored behind the first wrong guess
   * is void.
   *
   * @return false when there can be no guesses
   */
  boolean follow(TokenHistory history) {
    nanos = 0;
    checked = 0;
    if (isOver || !model.isUsable() || history.length() >= model.settings().contextLength()) {
      release();
      return false;
    }
    int agreed = known;
    int most = Math.min(known + guesses, history.length());
    while (agreed < most && tokens[agreed] == history.at(agreed)) {
      agreed++;
    }
    known = history.length();
    guesses = 0;
    if (known + Drafting.MOST > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, known + Drafting.MOST));
    }
    for (int p = agreed; p < known; p++) {
      tokens[p] = history.at(p);
      if (tokens[p] >= model.settings().vocab()) {
        giveUp(); // the draft model does not have this token
        return false;
      }
    }
    // The last token is always left: its logits give the first guess.
    computed = Math.min(Math.min(computed, agreed), known - 1);
    return true;
  }

  /** Takes a table, and what the draft model knows of these tokens from elsewhere. */
  void open() {
    if (table == null) {
      table = model.cache().open("");
      computed = 0;
      try {
        computed = model.cache().adopt(table, tokens, 0, known - 1);
      } catch (RuntimeException e) {
        model.failed(e);
        giveUp();
      }
    }
  }

  /** Whether there is room for the next {@code count} tokens. */
  boolean reserve(int count) {
    if (table == null || computed + count > model.settings().contextLength()) {
      return false;
    }
    try {
      return model.cache().reserve(table, computed + count);
    } catch (RuntimeException e) {
      model.failed(e); // no memory
      giveUp();
      return false;
    }
  }

  /** So many tokens more are computed. */
  void computed(int count) {
    computed += count;
    if (table != null) {
      model.cache().publish(table, tokens, certain());
    }
  }

  // Tokens that will not be computed again.
  private int certain() {
    return Math.min(computed, known - 1);
  }

  void guessed(int id, float probability) {
    int c = Calibration.classOf(probability);
    calibration.made(c);
    classes[guesses] = c;
    chances[guesses] = chance(guesses) * calibration.chance(c);
    tokens[known + guesses++] = id;
  }

  /** The guesses of this step took so much longer. */
  void took(double more) {
    nanos += more;
  }

  /**
   * Whether to compute what is missing, which takes {@code cost}. As with skis that can be rented
   * or bought: it is done once the time that was lost by not having done it is as long, so that it
   * never costs more than twice what was best.
   *
   * @param saves the part of the time that guesses would save
   * @param step time of a step
   */
  boolean invests(double cost, double saves, double step) {
    return cost <= saves * (account.spent() - invested) + step;
  }

  /** It does not pay at the moment. Blocks that are not used for long are for others. */
  void rest() {
    if (++resting == MOST_RESTING) {
      release();
    }
  }

  /** Nothing much is missing. */
  void caughtUp() {
    resting = 0;
    invested = account.spent();
  }

  /** The first {@code count} guesses are checked in this step. */
  void checks(int count) {
    checked = count;
  }

  /**
   * Guesses were checked, or not.
   *
   * @param accepted how many of the model's guesses were right
   * @param extra what checking them cost, in nanoseconds
   * @param plain time of a token without guesses
   * @param said tokens of the step
   */
  void verified(int accepted, double extra, double plain, int said) {
    account.passed(plain * said);
    if (nanos > 0 && !isOver) {
      account.settle(accepted * plain - extra - nanos, plain);
      for (int i = 0; i < Math.min(checked, accepted + 1); i++) {
        calibration.judged(classes[i], i < accepted);
      }
    }
    nanos = 0;
    checked = 0;
  }

  int checked() {
    return checked;
  }

  /** Gives the blocks back; what is in them is kept until they are needed. */
  void release() {
    if (table != null) {
      model.cache().keep(table, tokens, certain());
      table = null;
      computed = 0;
    }
  }

  /** No guesses any more, and nothing that is stored can be relied on. */
  void giveUp() {
    isOver = true;
    if (table != null) {
      model.cache().drop(table);
      table = null;
    }
  }

  /** The sequence has ended. */
  void close() {
    release();
    isOver = true;
  }
}
