package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Apertus: a list of objects whose only key is the tool's name. */
final class Apertus implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "apertus",
              CallSyntax.marked(
                      new CallPart.Literal("<|tools_prefix|>"),
                      new CallPart.JsonCalls(new JsonKeys(null, "", null, false), true),
                      new CallPart.Literal("<|tools_suffix|>"))
                  .after(""))
          .withThinking(Thinking.of("<|inner_prefix|>", "<|inner_suffix|>"));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<|tools_prefix|>"), FORMAT);
  }
}
