package dev.nearside.engine.parse.constrain;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.Grammar;

/** The rule of values in an object with bare keys. */
final class BareValues {
  /** Any value. */
  static final String VALUE = "bare-value";

  private BareValues() {}

  /** Defines the rule where the syntax needs it. */
  static void define(Grammar.Builder builder, CallSyntax syntax, Literals literals) {
    for (CallPart part : syntax.call()) {
      if (part instanceof CallPart.BareObject(String quote)) {
        builder.rule(VALUE, value(literals.of(quote), literals.textThen(quote)));
      }
    }
  }

  private static Expr value(Expr quote, Expr rest) {
    Expr value = Expr.rule(VALUE);
    Expr key = Expr.regex("[A-Za-z0-9_$-]{1,64}");
    Expr scalar = Expr.regex("true|false|null|-?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,16})?");
    return Expr.choice(
        scalar,
        Expr.sequence(quote, rest),
        Expr.sequence(Expr.text("["), list(value), Expr.text("]")),
        Expr.sequence(
            Expr.text("{"), list(Expr.sequence(key, Expr.text(":"), value)), Expr.text("}")));
  }

  private static Expr list(Expr item) {
    Expr more = Expr.repeat(Expr.sequence(Expr.text(","), item), 0, Expr.UNLIMITED);
    return Expr.optional(Expr.sequence(item, more));
  }
}
