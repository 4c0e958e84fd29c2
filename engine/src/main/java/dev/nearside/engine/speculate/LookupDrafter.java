package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;

/**
 * Guesses that what was said before is said again: in the sequence itself, prompt or reply (Saxena
 * 2023, "prompt lookup decoding"), or in a recent reply of the engine.
 */
final class LookupDrafter implements Drafter {
  private final NgramIndex own = new NgramIndex();
  private final RecentReplies replies;

  LookupDrafter(RecentReplies replies) {
    this.replies = replies;
  }

  @Override
  public Draft draft(TokenHistory history, int limit) {
    // Without the last token: its run is what is looked for.
    for (int p = own.size(); p < history.length() - 1; p++) {
      own.add(history.at(p));
    }
    NgramIndex.Match here = own.find(history);
    Draft there = replies.draft(history, limit);
    if (here == null || here.agreed() < there.evidence()) {
      return there;
    }
    // A text that repeats itself goes on so: the last token, too, is part of what follows.
    int[] tokens = new int[Math.min(limit, history.length() - here.next())];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = history.at(here.next() + i);
    }
    return new Draft(tokens, here.agreed());
  }
}
