package dev.nearside.tokenizer.pre;

/** Cuts at single characters of some kind. */
public final class CharSplitter extends MatchSplitter {
  private final Predicate predicate;

  /** Says of a code point whether it is of the kind. */
  public interface Predicate {
    boolean test(int c);
  }

  public CharSplitter(Predicate predicate, SplitBehavior behavior) {
    super(behavior, false);
    this.predicate = predicate;
  }

  @Override
  protected void find(String text, Matches matches) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (predicate.test(c)) {
        matches.match(i, next);
      }
      i = next;
    }
  }
}
