package dev.nearside.jinja.value;

/**
 * What one rendering may still use. Steps bound time, characters bound memory (counted when made,
 * not when live), depth bounds the Java stack.
 */
public final class Budget {
  /** What one slot of a list costs in characters: about what it and its item take of memory. */
  public static final int SLOT_COST = 32;

  private final long maxSteps;
  private final long maxChars;
  private final int maxDepth;
  private long steps;
  private long chars;
  private int depth;

  public Budget(long maxSteps, long maxChars, int maxDepth) {
    this.maxSteps = maxSteps;
    this.maxChars = maxChars;
    this.maxDepth = maxDepth;
  }

  /** Counts one evaluated node or visited item. */
  public void step() {
    steps(1);
  }

  public void steps(long count) {
    steps += count;
    if (steps > maxSteps) {
      throw new Failure("the template takes more than " + maxSteps + " steps");
    }
  }

  /** Counts reading {@code length} characters: far cheaper than a step each. */
  public void scan(long length) {
    steps(length >> 5);
  }

  /** Counts {@code count} characters about to be made: call before making them. */
  public void charge(long count) {
    if (count > maxChars - chars) {
      throw new Failure("the template makes more than " + maxChars + " characters");
    }
    chars += count;
  }

  /** Counts {@code count} list slots about to be made. */
  public void chargeSlots(long count) {
    charge(Math.multiplyExact(count, SLOT_COST));
  }

  /** Goes one level deeper; pair with {@link #leave}. */
  public void enter() {
    if (depth >= maxDepth) {
      throw new Failure("the template nests or recurses deeper than " + maxDepth + " levels");
    }
    depth++;
  }

  public void leave() {
    depth--;
  }
}
