package dev.nearside.engine.speculate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The guesses that a draft model makes for the sequences of one step. It guesses a token for each
 * of them, then the next one for those where that pays, and so on; of all guesses, those are
 * checked that give most tokens in the time of the step, the draft model's own time included.
 */
final class ModelStep {
  private static final int CLOSE = 16; // tokens that are computed along with the first guess

  private final DraftModel model;
  private final StepCost cost; // of the model that checks

  ModelStep(DraftModel model, StepCost cost) {
    this.model = model;
    this.cost = cost;
  }

  /** A sequence in this step. */
  private record Entry(int index, ModelDrafter drafter, int limit) {}

  /** A guess that may be checked, with the chance that it and all before it are right. */
  private record Guess(Entry entry, double chance) {}

  /**
   * Adds guesses where the draft model gives more than what is there.
   *
   * @param guesses of each sequence; they are replaced
   * @param room tokens that the step can take besides the sequences' own
   */
  void draft(List<Speculator.Wish> wishes, List<int[]> guesses, int room) {
    int sequences = wishes.size();
    if (!model.isUsable() || sequences >= StepCost.MOST || cost.of(sequences) == 0) {
      return;
    }
    List<Entry> ready = new ArrayList<>();
    List<Entry> behind = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      consider(i, wishes.get(i), sequences, ready, behind);
    }
    fitInto(model.maxBatch(), ready);
    ready.forEach(entry -> {
      wishes.get(entry.index).drafting().drop();
      guesses.set(entry.index, new int[0]);
    });
    double tokens = sequences;
    int taken = 0;
    for (int i = 0; i < sequences; i++) {
      taken += guesses.get(i).length;
      tokens += guesses.get(i).length > 0 ? wishes.get(i).drafting().expected() : 0;
    }
    int free = Math.min(room, StepCost.MOST - sequences) - taken;
    Outlook outlook = new Outlook(sequences + taken, tokens, cost.of(sequences + taken));
    if (!ready.isEmpty() && free > 0) {
      choose(ready, guess(ready, outlook, free), free, guesses);
    }
    catchUp(behind, sequences);
  }

  // Those that come later wait for the next step.
  private static void fitInto(int room, List<Entry> ready) {
    int size = 0;
    for (int i = 0; i < ready.size(); i++) {
      size += ready.get(i).drafter.missing();
      if (size > room) {
        ready.subList(i, ready.size()).clear();
      }
    }
  }

  // Whether a sequence is to be guessed, now or when its tokens are computed.
  private void consider(
      int index, Speculator.Wish wish, int sequences, List<Entry> ready, List<Entry> behind) {
    ModelDrafter drafter = wish.drafting().byModel();
    if (drafter == null || !drafter.follow(wish.history())) {
      return;
    }
    Entry entry = new Entry(index, drafter, Math.min(wish.limit(), Drafting.MOST));
    double gain = gain(entry, sequences);
    double least = 1 + (Drafting.GAIN - 1) / sequences; // it is one of them that gains
    if (gain < least || gain <= wish.drafting().gain()) {
      drafter.rest();
      return;
    }
    drafter.open();
    int missing = drafter.missing();
    if (missing > CLOSE) {
      double step = cost.of(sequences);
      double price = model.catchUpNanos(missing, cost.of(1));
      if (drafter.invests(price, saves(gain, sequences), step)) {
        behind.add(entry);
      }
    } else if (drafter.reserve(missing)) {
      drafter.caughtUp();
      ready.add(entry);
    }
  }

  // The part of its own time that a sequence saves when the step as a whole gains so much.
  private static double saves(double gain, int sequences) {
    return 1 - 1 / (1 + (gain - 1) * sequences);
  }

  // How much faster tokens come with the best number of guesses that it can afford.
  private double gain(Entry entry, int sequences) {
    double plain = cost.of(sequences) / sequences;
    double credit = entry.drafter.account().credit(plain);
    double p = entry.drafter.calibration().mean();
    double round = round(sequences);
    double best = 1;
    double tokens = sequences;
    double chance = 1;
    for (int k = 1; k <= entry.limit && sequences + k <= StepCost.MOST; k++) {
      chance *= p;
      tokens += chance;
      double more = cost.extra(sequences, k) + k * round;
      if (more <= credit) {
        best = Math.max(best, tokens / (cost.of(sequences) + more) * plain);
      }
    }
    return best;
  }

  /** What a guess for one of so many sequences takes. */
  private double round(int sequences) {
    return model.nanos(sequences, cost.of(sequences)) / sequences;
  }

  /** What the step gives so far, and in which time. */
  private record Outlook(int size, double tokens, double nanos) {}

  // Returns what the step would give without any of the guesses.
  private Outlook guess(List<Entry> ready, Outlook start, int free) {
    int[] counts = ready.stream().mapToInt(entry -> entry.drafter.missing()).toArray();
    List<Entry> active = ready;
    Outlook now = start;
    double spent = 0;
    int made = 0;
    while (!active.isEmpty()) {
      int size = 0;
      for (int count : counts) {
        size += count;
      }
      List<ModelDrafter> drafters = active.stream().map(entry -> entry.drafter).toList();
      if (!model.compute(drafters, counts, cost.of(Math.min(size, StepCost.MOST)), true)) {
        break;
      }
      double took = model.nanos(size, cost.of(Math.min(size, StepCost.MOST)));
      spent += took;
      double tokens = now.tokens;
      for (ModelDrafter drafter : drafters) {
        drafter.took(took / drafters.size());
        tokens += drafter.chance(drafter.guesses());
      }
      made += active.size();
      int all = start.size + made;
      now = new Outlook(all, tokens, start.nanos + cost.extra(start.size, made) + spent);
      active = next(active, now, free - made);
      counts = active.stream().mapToInt(entry -> 1).toArray();
    }
    return new Outlook(start.size, start.tokens, start.nanos + spent);
  }

  // Those for which another guess pays.
  private List<Entry> next(List<Entry> active, Outlook now, int free) {
    List<Entry> next = new ArrayList<>();
    double round = round(active.size());
    for (Entry entry : active) {
      if (next.size() < free && isWorthIt(entry, now, round, free) && entry.drafter.reserve(1)) {
        next.add(entry);
      }
    }
    return next;
  }

  private boolean isWorthIt(Entry entry, Outlook now, double round, int free) {
    ModelDrafter drafter = entry.drafter;
    double rate = now.tokens / now.nanos;
    double p = drafter.calibration().mean();
    double chance = drafter.chance(drafter.guesses());
    double tokens = now.tokens;
    int most = Math.min(entry.limit - drafter.guesses(), free);
    for (int k = 1; k <= most; k++) {
      chance *= p;
      tokens += chance;
      if (tokens / (now.nanos + cost.extra(now.size, k) + k * round) > rate) {
        return true;
      }
    }
    return false;
  }

  // Chances fall along a draft, so that the likeliest guesses are always the first ones of theirs.
  private void choose(List<Entry> ready, Outlook without, int free, List<int[]> guesses) {
    List<Guess> all = new ArrayList<>();
    for (Entry entry : ready) {
      for (int k = 1; k <= entry.drafter.guesses(); k++) {
        all.add(new Guess(entry, entry.drafter.chance(k)));
      }
    }
    all.sort(Comparator.comparingDouble(Guess::chance).reversed());
    double tokens = without.tokens;
    double bestRate = tokens / without.nanos;
    int best = 0;
    for (int k = 1; k <= Math.min(all.size(), free); k++) {
      tokens += all.get(k - 1).chance;
      double rate = tokens / (without.nanos + cost.extra(without.size, k));
      if (rate > bestRate) {
        best = k;
        bestRate = rate;
      }
    }
    int[] counts = new int[guesses.size()];
    all.subList(0, best).forEach(guess -> counts[guess.entry.index]++);
    for (Entry entry : ready) {
      entry.drafter.checks(counts[entry.index]);
      guesses.set(entry.index, entry.drafter.guesses(counts[entry.index]));
    }
  }

  // A long prompt is caught up with in pieces, none of which takes longer than the step.
  private void catchUp(List<Entry> behind, int sequences) {
    if (behind.isEmpty()) {
      return;
    }
    int room = model.chunk(cost.of(sequences), cost.of(1));
    List<ModelDrafter> some = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (Entry entry : behind) {
      int count = Math.min(room, entry.drafter.missing() - 1);
      if (count > 0 && entry.drafter.reserve(count)) {
        some.add(entry.drafter);
        counts.add(count);
        room -= count;
      }
    }
    if (!some.isEmpty()) {
      int[] each = counts.stream().mapToInt(Integer::intValue).toArray();
      model.compute(some, each, cost.of(sequences), false);
    }
  }
}
