package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.read.HarmonyParser;
import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.IdStyle;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * gpt-oss: channels analysis, commentary and final.
 *
 * @see <a href="https://github.com/openai/harmony/blob/main/docs/format.md">the format</a>
 */
final class Harmony implements Family {
  private static final ReplyFormat FORMAT =
      new ReplyFormat(
          "harmony",
          new Thinking(
              "<|channel|>analysis<|message|>",
              "<|end|>",
              List.of(),
              true,
              Thinking.Interrupts.NEVER),
          List.of(
              CallSyntax.marked(
                      new CallPart.Literal("<|start|>assistant<|channel|>commentary to=functions."),
                      new CallPart.Name(),
                      new CallPart.Literal(" <|constrain|>json<|message|>"),
                      new CallPart.Arguments())
                  .after("")
                  .joinedBy("<|call|>")),
          Set.copyOf(HarmonyParser.TOKENS),
          IdStyle.OPENAI,
          "",
          true);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(Family.hasAll(template, "<|channel|>", "<|message|>", "analysis"), FORMAT);
  }
}
