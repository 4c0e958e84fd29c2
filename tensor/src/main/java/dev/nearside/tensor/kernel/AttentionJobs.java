package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Attention split into jobs: a run of up to 16 tokens of one sequence, and some of the query heads
 * of one key/value head. A tile of keys and values is read once for all of them. A call allocates
 * nothing.
 */
public abstract class AttentionJobs {
  /** Positions of a tile. */
  protected static final int TILE = KvLayer.BLOCK;

  private static final int MAX_RUN = 16;

  private final Workers workers;
  private final Workers.Band band = this::run;

  // The call in progress: written before the workers begin.
  private @Nullable AttentionSpec spec;
  private @Nullable KvLayer kv;
  private @Nullable TokenRows rows;
  private @Nullable Floats q;
  private @Nullable Floats out;
  private int group;
  private int headParts;
  private int[] runs = new int[2]; // their first tokens, and the end

  protected AttentionJobs(Workers workers) {
    this.workers = workers;
  }

  /** Computes one job: query heads {@code firstHead …} of tokens {@code firstToken …}. */
  protected abstract void job(int firstToken, int tokens, int firstHead, int heads, int thread);

  /** Computes attention; shapes are checked. */
  public final void attend(
      AttentionSpec newSpec, KvLayer newKv, TokenRows newRows, Floats newQ, Floats newOut) {
    spec = newSpec;
    kv = newKv;
    rows = newRows;
    q = newQ;
    out = newOut;
    int jobs = findRuns(newRows) * newSpec.kvHeads();
    group = newSpec.heads() / newSpec.kvHeads();
    headParts = jobs == 0 ? 1 : Math.clamp((workers.threads() + jobs - 1) / jobs, 1, group);
    workers.share(jobs * headParts, band);
  }

  private int findRuns(TokenRows tokens) {
    if (runs.length <= tokens.count()) {
      runs = new int[tokens.count() + 1];
    }
    int count = 0;
    for (int t = 0; t < tokens.count(); t++) {
      if (t == 0
          || tokens.tables()[t] != tokens.tables()[t - 1]
          || t - runs[count - 1] == MAX_RUN) {
        runs[count++] = t;
      }
    }
    runs[count] = tokens.count();
    return count;
  }

  private void run(int from, int to, int thread) {
    int kvHeads = spec().kvHeads();
    for (int number = from; number < to; number++) {
      int part = number % headParts;
      int kvHead = number / headParts % kvHeads;
      int first = runs[number / headParts / kvHeads];
      int end = runs[number / headParts / kvHeads + 1];
      int low = group * part / headParts;
      int high = group * (part + 1) / headParts;
      job(first, end - first, kvHead * group + low, high - low, thread);
    }
  }

  /** The call's attention layer. */
  protected final AttentionSpec spec() {
    return Objects.requireNonNull(spec);
  }

  /** The call's keys and values. */
  protected final KvLayer kv() {
    return Objects.requireNonNull(kv);
  }

  /** The call's queries. */
  protected final Floats q() {
    return Objects.requireNonNull(q);
  }

  /** The call's output. */
  protected final Floats out() {
    return Objects.requireNonNull(out);
  }

  /** Where the head that a query head reads begins in a tile, in bytes of both pools. */
  protected final long headAt(int firstToken, int tile, int queryHead) {
    TokenRows tokens = tokens();
    int block = tokens.blockTables()[tokens.tables()[firstToken]][tile];
    return kv().headAt(block, queryHead / group);
  }

  /** The first position that a token sees. */
  protected int seesFrom(int token) {
    return SpecAttention.firstVisible(spec(), position(token));
  }

  /** After the last position that a token sees. */
  protected int seesTo(int token) {
    return position(token) + 1;
  }

  /** The first tile that one of these tokens sees. */
  protected final int firstTile(int firstToken, int tokens) {
    int low = Integer.MAX_VALUE;
    for (int t = firstToken; t < firstToken + tokens; t++) {
      low = Math.min(low, seesFrom(t));
    }
    return low / TILE;
  }

  /** The last tile that one of these tokens sees. */
  protected final int lastTile(int firstToken, int tokens) {
    int high = 0;
    for (int t = firstToken; t < firstToken + tokens; t++) {
      high = Math.max(high, seesTo(t));
    }
    return (high - 1) / TILE;
  }

  /** The first position of a tile that a token sees. */
  protected final int visibleFrom(int token, int tile) {
    return Math.max(seesFrom(token) - tile * TILE, 0);
  }

  /** After the last position of a tile that a token sees; not above the first if it sees none. */
  protected final int visibleTo(int token, int tile) {
    return Math.min(seesTo(token) - tile * TILE, TILE);
  }

  /** Where a token's query of a head begins in queries and output, in elements. */
  protected final long queryAt(int token, int head) {
    return ((long) token * spec().heads() + head) * spec().headDim();
  }

  /** Where a token stands in its sequence. */
  protected final int position(int token) {
    return tokens().positions()[token];
  }

  private TokenRows tokens() {
    return Objects.requireNonNull(rows);
  }
}
