package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import dev.nearside.engine.LoadedModel;
import dev.nearside.engine.sample.FormatGrammars;
import dev.nearside.engine.sample.GrammarMask;
import dev.nearside.engine.sample.SamplerChain;
import dev.nearside.engine.sample.SamplerStep;
import dev.nearside.engine.sample.TokenHistory;
import dev.nearside.grammar.GrammarCache;
import dev.nearside.grammar.TokenGrammar;
import dev.nearside.grammar.TokenVocabulary;
import dev.nearside.tokenizer.EncodeOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Measures what structured output costs: replies that a model writes in a format, with a clock
 * around the mask and another around the model, and replies of the same length without. All in one
 * process and in turns, so that what else the machine does is unfair to both alike.
 */
public final class MaskCost implements AutoCloseable {
  /** Positions that a model must have for it, whatever its vocabulary. */
  public static final int POSITIONS = 256;

  private static final String PROMPT = "Some data in JSON:\n";
  private static final int REPLY_TOKENS = 200;
  private static final float TEMPERATURE = 0.8f;

  /**
   * What had to be made before the first token.
   *
   * @param vocabularyNanos the tokens as a trie: once per model
   * @param grammarNanos the automaton: once per format
   */
  public record Preparation(long vocabularyNanos, long grammarNanos, int vocabulary) {}

  /**
   * What a run took.
   *
   * @param tokens that were generated, ends of replies included
   * @param modelNanos in the model
   * @param maskNanos in the mask
   * @param samplerNanos in the rest of the sampler
   */
  public record Round(int tokens, long modelNanos, long maskNanos, long samplerNanos) {
    /** The mask's part of the time of all steps. */
    public double share() {
      return (double) maskNanos / (modelNanos + maskNanos + samplerNanos);
    }

    /** The mask's time per token. */
    public double maskMicros() {
      return maskNanos / 1e3 / tokens;
    }

    public double tokensPerSecond() {
      return tokens * 1e9 / (modelNanos + maskNanos + samplerNanos);
    }
  }

  private final LoadedModel model;
  private final int tokens;
  private final int[] prompt;
  private final Scorer scorer;
  private final float[] row;
  private @Nullable TokenGrammar grammar;

  /**
   * @param model stays the caller's
   * @param tokens of a run
   */
  public MaskCost(LoadedModel model, int tokens) {
    this.model = model;
    this.tokens = tokens;
    this.prompt = model.tokenizer().encode(PROMPT, EncodeOptions.PROMPT);
    this.scorer = new Scorer(model.model(), prompt.length + REPLY_TOKENS);
    this.row = new float[model.model().info().vocabSize()];
  }

  /**
   * Makes the grammar of a format, from nothing each time.
   *
   * @throws dev.nearside.grammar.GrammarException when the format can't be honoured
   * @throws EvalException when there is nothing to follow
   */
  public Preparation prepare(OutputFormat format) {
    long start = System.nanoTime();
    TokenVocabulary vocabulary = TokenVocabulary.of(model.tokenizer());
    long made = System.nanoTime();
    grammar = FormatGrammars.of(format, new GrammarCache(vocabulary, 1));
    if (grammar == null) {
      throw new EvalException(Fault.of("plain text needs no mask").expected("a format"));
    }
    return new Preparation(made - start, System.nanoTime() - made, vocabulary.size());
  }

  /** Generates without a format. */
  public Round plain(long seed) {
    return run(seed, null);
  }

  /** Generates in the format that was prepared. */
  public Round structured(long seed) {
    if (grammar == null) {
      throw new IllegalStateException("no format was prepared");
    }
    return run(seed, grammar);
  }

  private Round run(long seed, @Nullable TokenGrammar followed) {
    Clock clock = new Clock();
    int done = 0;
    for (int reply = 0; done < tokens; reply++) {
      done += reply(1000 * seed + reply, followed, tokens - done, clock);
    }
    return new Round(tokens, clock.model, clock.mask, clock.sampler - clock.mask);
  }

  private int reply(long seed, @Nullable TokenGrammar followed, int most, Clock clock) {
    History history = new History(prompt);
    SamplerStep mask =
        followed == null ? null : GrammarMask.of(followed, prompt.length, REPLY_TOKENS);
    SamplerStep timed =
        mask == null
            ? null
            : (candidates, before) -> {
              long start = System.nanoTime();
              mask.apply(candidates, before);
              clock.mask += System.nanoTime() - start;
            };
    Sampling sampling = Sampling.builder().temperature(TEMPERATURE).seed(seed).build();
    SamplerChain chain = SamplerChain.of(sampling, model.tokenizer(), timed);
    scorer.rewind(0);
    feed(prompt);
    int end = Math.min(most, REPLY_TOKENS);
    for (int i = 1; ; i++) {
      long start = System.nanoTime();
      int id = chain.sample(row, history);
      clock.sampler += System.nanoTime() - start;
      if (i == end || model.tokenizer().specials().isEndOfGeneration(id)) {
        return i;
      }
      history.add(id);
      start = System.nanoTime();
      feed(new int[] {id});
      clock.model += System.nanoTime() - start;
    }
  }

  private void feed(int[] ids) {
    scorer.feed(
        ids,
        ids.length - 1,
        (position, rows, logits) -> logits.get((long) (rows - 1) * row.length, row, 0, row.length));
  }

  @Override
  public void close() {
    scorer.close();
  }

  private static final class Clock {
    long model;
    long mask;
    long sampler;
  }

  /** Prompt and reply so far. */
  private static final class History implements TokenHistory {
    private int[] ids;
    private int length;

    History(int[] prompt) {
      ids = Arrays.copyOf(prompt, prompt.length + REPLY_TOKENS);
      length = prompt.length;
    }

    void add(int id) {
      ids[length++] = id;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public int at(int position) {
      return ids[position];
    }
  }
}
