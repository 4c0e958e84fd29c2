package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.Numerics;
import dev.nearside.tensor.Floats;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Perplexity of a text and KL divergence from a base model, measured as llama.cpp's {@code
 * llama-perplexity} does: the text's tokens are cut into windows that don't overlap; each window's
 * first token is replaced by the beginning token where the vocabulary adds one; what is scored is
 * how the tokens of a window's second half are predicted. The results don't depend on the number of
 * threads.
 */
public final class Perplexity implements AutoCloseable {
  /** Hears how far the work is. An exception that it throws stops the work. */
  @FunctionalInterface
  public interface Progress {
    /** Does nothing. */
    Progress NONE = (done, all, perplexity) -> {};

    /**
     * @param done windows done
     * @param all windows to do
     * @param perplexity over what is done
     */
    void at(int done, int all, double perplexity);
  }

  /** What happens to the rows that are scored. */
  private interface Work {
    /**
     * One row; called by several threads at once.
     *
     * @param token index of the scored token, counted over all windows
     * @param row index within the batch
     * @param next the token that the row should predict
     * @return the negative log-likelihood of {@code next}
     */
    double row(int token, int row, float[] logits, int next, LogProbs math);

    /** After a batch of rows. */
    default void batch(int rows) {}
  }

  private final Tokenizer tokenizer;
  private final int contextLength;
  private final int vocabSize;
  private final Scorer scorer;
  private final RowPool pool;

  /**
   * @param model stays the caller's
   * @param contextLength tokens of a window, at least 4
   * @param threads threads for the softmax
   * @param numerics of all tokens
   */
  public Perplexity(
      LanguageModel model, Tokenizer tokenizer, int contextLength, int threads, Numerics numerics) {
    if (contextLength < 4 || contextLength > model.info().contextLength()) {
      throw new EvalException(
          Fault.of("window of impossible length")
              .got(contextLength + " tokens")
              .expected("4 to " + model.info().contextLength() + ", the model's context"));
    }
    this.tokenizer = tokenizer;
    this.contextLength = contextLength;
    this.vocabSize = model.info().vocabSize();
    this.scorer = new Scorer(model, contextLength, numerics);
    this.pool = new RowPool(threads, vocabSize);
  }

  /**
   * The tokens of a text's windows: what does not fill a window is left out.
   *
   * @param chunks at most so many windows; 0 = all
   * @throws EvalException when the text does not fill two windows
   */
  public int[] windows(String text, int chunks) {
    int[] ids = tokenizer.encode(text, EncodeOptions.DOCUMENT);
    if (ids.length < 2L * contextLength) {
      throw new EvalException(
          Fault.of("the text is too short")
              .got(ids.length + " tokens")
              .expected("at least " + 2L * contextLength + ", two windows")
              .hint("Give a longer text or a smaller --ctx."));
    }
    int all = ids.length / contextLength;
    int count = chunks > 0 ? Math.min(chunks, all) : all;
    return Arrays.copyOf(ids, count * contextLength);
  }

  /** The perplexity of {@code tokens}, whole windows. */
  public PerplexityResult measure(int[] tokens, Progress progress) {
    double[] nll =
        run(
            tokens,
            progress,
            (token, row, logits, next, math) -> {
              LogProbs.Row stats = math.read(logits);
              return -(logits[next] - stats.max() - Math.log(stats.sumExp()));
            });
    return result(nll);
  }

  /** As {@link #measure}, and appends the log-probabilities of each row to {@code out}. */
  public PerplexityResult save(int[] tokens, LogitsFileWriter out, Progress progress) {
    long rowBytes = LogitsFile.rowBytes(out.vocabSize());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment rows = arena.allocate(rowBytes * scorer.batchSize(), Float.BYTES);
      return result(
          run(
              tokens,
              progress,
              new Work() {
                @Override
                public double row(int token, int row, float[] logits, int next, LogProbs math) {
                  LogProbs.Row stats = math.read(logits);
                  LogitsFileWriter.encode(logits, stats, rows.asSlice(row * rowBytes, rowBytes));
                  return stats.max() + stats.logSumExp() - logits[next];
                }

                @Override
                public void batch(int count) {
                  out.append(rows.asSlice(0, count * rowBytes));
                }
              }));
    }
  }

  /**
   * Compares the model with the one that {@code base} was made with, on the tokens of that file.
   *
   * @param chunks at most so many windows; 0 = all
   * @throws EvalException when window or vocabulary are not the model's
   */
  public Divergence compare(LogitsFile base, int chunks, Progress progress) {
    require("window of the file of logits", base.contextLength(), contextLength);
    require("vocabulary of the file of logits", base.vocabSize(), vocabSize);
    int count = chunks > 0 ? Math.min(chunks, base.chunks()) : base.chunks();
    int[] tokens = new int[count * contextLength];
    for (int i = 0; i < count; i++) {
      System.arraycopy(base.tokens(i), 0, tokens, i * contextLength, contextLength);
    }
    int perWindow = LogitsFile.scoredRows(contextLength);
    Divergence.Samples samples = new Divergence.Samples(count * perWindow);
    ThreadLocal<LogitsFile.Row> own = ThreadLocal.withInitial(() -> new LogitsFile.Row(vocabSize));
    run(
        tokens,
        progress,
        (token, row, logits, next, math) -> {
          LogitsFile.Row baseRow = own.get();
          base.read(token / perWindow, token % perWindow, baseRow);
          return compareRow(samples, token, logits, next, math, baseRow);
        });
    return Divergence.of(samples);
  }

  private static double compareRow(
      Divergence.Samples samples,
      int token,
      float[] logits,
      int next,
      LogProbs math,
      LogitsFile.Row base) {
    LogProbs.Row stats = math.read(logits);
    float logNorm = stats.max() + stats.logSumExp();
    float nll = logNorm - logits[next];
    float baseNll = -base.logProb(next);
    double delta = Math.exp(-nll) - Math.exp(-baseNll);
    samples.nll[token] = nll;
    samples.baseNll[token] = baseNll;
    samples.kl[token] = math.divergence(logits, logNorm, base);
    samples.deltaSquared[token] = delta * delta;
    samples.isSameTop[token] = stats.best() == base.best();
    return nll;
  }

  private double[] run(int[] tokens, Progress progress, Work work) {
    int windows = tokens.length / contextLength;
    int perWindow = LogitsFile.scoredRows(contextLength);
    int first = contextLength / 2;
    double[] nll = new double[windows * perWindow];
    double sum = 0;
    for (int w = 0; w < windows; w++) {
      int start = w * contextLength;
      // The last token's prediction is not scored.
      int[] window = Arrays.copyOfRange(tokens, start, start + contextLength - 1);
      OptionalInt bos = tokenizer.specials().bos();
      if (tokenizer.specials().addBos() && bos.isPresent()) {
        window[0] = bos.getAsInt();
      }
      int firstToken = w * perWindow;
      scorer.rewind(0);
      scorer.feed(
          window,
          first,
          (position, rows, logits) ->
              score(
                  firstToken + position - first,
                  start + position,
                  tokens,
                  rows,
                  logits,
                  nll,
                  work));
      for (int i = 0; i < perWindow; i++) {
        sum += nll[firstToken + i];
      }
      progress.at(w + 1, windows, Math.exp(sum / (firstToken + perWindow)));
    }
    return nll;
  }

  private void score(
      int token, int at, int[] tokens, int rows, Floats logits, double[] nll, Work work) {
    pool.forEach(
        rows,
        logits,
        (row, values, math) ->
            nll[token + row] = work.row(token + row, row, values, tokens[at + row + 1], math));
    work.batch(rows);
  }

  private static PerplexityResult result(double[] nll) {
    return new PerplexityResult(nll.length, Estimate.mean(nll).exp());
  }

  private static void require(String what, int got, int expected) {
    if (got != expected) {
      throw new EvalException(
          Fault.of("the " + what + " does not fit").got(got).expected(expected));
    }
  }

  @Override
  public void close() {
    pool.close();
    scorer.close();
  }
}
