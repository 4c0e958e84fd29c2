package dev.nearside.engine.parse.constrain;

import dev.nearside.chat.ToolSpec;
import dev.nearside.engine.parse.ReplyContext.Start;
import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.grammar.Expr;
import java.util.ArrayList;
import java.util.List;

/** Replies of gpt-oss: thoughts and remarks, then a call or the answer. */
final class HarmonyRules {
  private final Literals literals;
  private final PartRules parts;
  private final List<ToolSpec> tools;

  HarmonyRules(Literals literals, PartRules parts, List<ToolSpec> tools) {
    this.literals = literals;
    this.parts = parts;
    this.tools = tools;
  }

  /**
   * A reply from where the prompt ends.
   *
   * @param answer what the answer looks like, if it is not a call
   */
  Expr reply(Start start, boolean isDemanded, Expr answer) {
    Expr before =
        Expr.repeat(
            Expr.choice(message("<|channel|>analysis"), message("<|channel|>commentary")),
            0,
            Expr.UNLIMITED);
    List<Expr> ends = new ArrayList<>();
    tools.forEach(tool -> ends.add(call(tool)));
    if (!isDemanded) {
      ends.add(
          Expr.sequence(
              literals.of("<|channel|>final"), json(), literals.of("<|message|>"), answer));
    }
    Expr whole = Expr.sequence(before, new Expr.Choice(ends));
    return switch (start) {
      case REPLY -> whole;
      case THOUGHTS, WITHIN_THOUGHTS ->
          Expr.sequence(literals.textThen("<|end|>"), literals.of("<|start|>assistant"), whole);
      case WITHIN_TEXT -> isDemanded ? afterText(whole) : answer;
    };
  }

  private Expr afterText(Expr whole) {
    return Expr.sequence(literals.textThen("<|end|>"), literals.of("<|start|>assistant"), whole);
  }

  private Expr message(String channel) {
    return Expr.sequence(
        literals.of(channel + "<|message|>"),
        literals.textThen("<|end|>"),
        literals.of("<|start|>assistant"));
  }

  private Expr json() {
    return Expr.optional(literals.of(" <|constrain|>json"));
  }

  // The recipient may stand in the role or in the channel.
  private Expr call(ToolSpec tool) {
    String to = " to=functions." + tool.name();
    return Expr.sequence(
        Expr.choice(
            literals.of("<|channel|>commentary" + to), literals.of(to + "<|channel|>commentary")),
        json(),
        literals.of("<|message|>"),
        parts.of(new CallPart.Arguments(), tool));
  }
}
