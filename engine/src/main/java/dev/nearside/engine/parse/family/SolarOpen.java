package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Solar Open: id, name and arguments, each after a token of its own. */
final class SolarOpen implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "solar-open",
              CallSyntax.marked(
                      new CallPart.Id("<|tool_call:begin|>"),
                      new CallPart.Literal("<|tool_call:name|>"),
                      new CallPart.Name(),
                      new CallPart.Literal("<|tool_call:args|>"),
                      new CallPart.Arguments(),
                      new CallPart.Literal("<|tool_call:end|>"))
                  .after("")
                  .joinedBy(""))
          .withThinking(
              Thinking.of("<|think|>", "<|end|>").interruptedBy(Thinking.Interrupts.ALWAYS))
          .withSilent("<|begin|>assistant", "<|content|>", "<|end|>", "<|tool_calls|>");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<|tool_call:begin|>"), FORMAT);
  }
}
