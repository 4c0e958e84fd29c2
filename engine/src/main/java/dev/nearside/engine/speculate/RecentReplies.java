package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;
import org.jspecify.annotations.Nullable;

/**
 * What the engine said lately, to whomever: programs ask alike and are answered alike. It is used
 * for guesses only, and so shows itself in nothing but speed.
 */
final class RecentReplies {
  private static final int SEPARATOR = -1;
  private static final int MOST = 1 << 16;

  // Two halves: when the young one is full, the old one is forgotten.
  private NgramIndex young = new NgramIndex();
  private NgramIndex old = new NgramIndex();

  void add(TokenHistory history, int from) {
    for (int p = from; p < history.length(); p++) {
      young.add(history.at(p));
    }
    young.add(SEPARATOR);
    if (young.size() > MOST / 2) {
      NgramIndex forgotten = old;
      old = young;
      young = forgotten;
      young.clear();
    }
  }

  Drafter.Draft draft(TokenHistory history, int limit) {
    NgramIndex.Match a = young.find(history);
    NgramIndex.Match b = old.find(history);
    boolean isYoung = a != null && (b == null || a.agreed() >= b.agreed());
    return follow(isYoung ? young : old, isYoung ? a : b, limit);
  }

  static Drafter.Draft follow(NgramIndex index, NgramIndex.@Nullable Match match, int limit) {
    if (match == null) {
      return Drafter.Draft.NONE;
    }
    int end = match.next();
    while (end < index.size() && end - match.next() < limit && index.at(end) != SEPARATOR) {
      end++;
    }
    int[] tokens = new int[end - match.next()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = index.at(match.next() + i);
    }
    return tokens.length == 0 ? Drafter.Draft.NONE : new Drafter.Draft(tokens, match.agreed());
  }
}
