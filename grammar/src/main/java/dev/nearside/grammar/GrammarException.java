package dev.nearside.grammar;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;

/** A grammar, regular expression or schema that is broken, or more than can be honoured. */
public class GrammarException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public GrammarException(Fault fault) {
    super(fault, null);
  }

  /**
   * A grammar that would need more than a compiler's limit.
   *
   * @param what what there would be too many of, for instance "states"
   */
  public static GrammarException tooLarge(String what, long limit) {
    return new GrammarException(
        Fault.of("the grammar is too large")
            .expected("at most " + limit + " " + what)
            .hint("Use smaller repetitions or a simpler pattern"));
  }
}
