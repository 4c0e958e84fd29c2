package dev.nearside.tokenizer.bpe;

import dev.nearside.tokenizer.text.IntList;
import java.util.Map;

/** The merges of a vocabulary, applied to sequences of symbols. Immutable. */
public final class BpeModel {
  private final Map<String, Integer> ids;
  private final int tokens;
  private final MergeTable merges;
  private final NeighbourFilter filter;
  private final boolean cuts;
  private final Map<String, Integer> phantoms;
  private final int[][] phantomTokens;

  BpeModel(BpeBuilder from) {
    ids = from.ids;
    tokens = from.tokens;
    merges = from.merges;
    filter = from.filter;
    cuts = from.cuts;
    phantoms = from.phantoms;
    phantomTokens = from.phantomTokens();
  }

  /** The tokens by text; not to be changed. */
  Map<String, Integer> ids() {
    return ids;
  }

  /** The symbol of {@code text}: its token, or a stand-in for a text that is no token, or -1. */
  int symbol(String text) {
    Integer id = ids.get(text);
    if (id == null) {
      id = phantoms.get(text);
    }
    return id == null ? -1 : id;
  }

  /** Whether a merge could ever reach across these two neighbours. */
  boolean mayMeet(int left, int right) {
    return !cuts || filter.mayMeet(left, right);
  }

  /** Merges symbols {@code from} to {@code to} (exclusive) and appends the tokens. */
  void merge(int[] symbols, int from, int to, IntList out) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (i + 1 == to || !mayMeet(symbols[i], symbols[i + 1])) {
        mergeUncut(symbols, start, i + 1, out);
        start = i + 1;
      }
    }
  }

  private void mergeUncut(int[] symbols, int from, int to, IntList out) {
    if (to - from == 1) {
      emit(symbols[from], out);
      return;
    }
    Loop loop = new Loop(merges, symbols, from, to - from);
    loop.run();
    for (int i = 0; i < to - from; i = loop.next(i)) {
      emit(symbols[from + i], out);
    }
  }

  private void emit(int symbol, IntList out) {
    if (symbol < tokens) {
      out.add(symbol);
    } else {
      out.addAll(phantomTokens[symbol - tokens]);
    }
  }

  /** Symbols by number, merged in place. */
  private static final class Loop extends MergeLoop {
    private final MergeTable merges;
    private final int[] symbols;
    private final int offset;

    Loop(MergeTable merges, int[] symbols, int offset, int count) {
      super(count);
      this.merges = merges;
      this.symbols = symbols;
      this.offset = offset;
    }

    @Override
    protected int rank(int left, int right) {
      int rank = merges.rank(symbols[offset + left], symbols[offset + right]);
      return rank < 0 ? NEVER : rank;
    }

    @Override
    protected void join(int left, int right) {
      int rank = merges.rank(symbols[offset + left], symbols[offset + right]);
      symbols[offset + left] = merges.result(rank);
    }
  }
}
