package dev.nearside.engine.parse.constrain;

import dev.nearside.grammar.Expr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fixed texts as a model writes them: names of control tokens stand for these tokens.
 *
 * @param controlNames the names of the vocabulary's control tokens, longest first
 */
public record Literals(List<String> controlNames) {
  /** White space between the parts of a JSON object. */
  static final Expr SPACE = Expr.regex("( |\\n[ \\t]{0,20})?");

  /** The text, its control tokens as tokens. */
  Expr of(String text) {
    List<Expr> parts = new ArrayList<>();
    int from = 0;
    int at = 0;
    while (at < text.length()) {
      String name = nameAt(text, at);
      if (name == null) {
        at++;
        continue;
      }
      if (at > from) {
        parts.add(Expr.text(text.substring(from, at)));
      }
      parts.add(Expr.token(name));
      at += name.length();
      from = at;
    }
    if (from < text.length()) {
      parts.add(Expr.text(text.substring(from)));
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(parts);
  }

  /** Any text, then this one; it does not occur before. */
  public Expr textThen(String end) {
    return beginsWithToken(end)
        ? Expr.sequence(Expr.anyText(), of(end))
        : Expr.textUntil(List.of(end));
  }

  /** Whether a control token comes first. */
  boolean beginsWithToken(String text) {
    return nameAt(text, 0) != null;
  }

  private @Nullable String nameAt(String text, int at) {
    for (String name : controlNames) {
      if (text.startsWith(name, at)) {
        return name;
      }
    }
    return null;
  }
}
