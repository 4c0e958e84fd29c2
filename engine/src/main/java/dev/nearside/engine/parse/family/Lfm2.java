package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Liquid's LFM2: calls as in Python. */
final class Lfm2 implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "lfm2",
              CallSyntax.marked(
                      new CallPart.Literal("<|tool_call_start|>"),
                      new CallPart.PythonCalls("<|tool_call_end|>"),
                      new CallPart.Literal("<|tool_call_end|>"))
                  .after(""))
          .withThinking(Thinking.TAGS.interruptedBy(Thinking.Interrupts.NEVER));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(
        template.contains("<|tool_call_start|>") || template.contains("List of tools: "), FORMAT);
  }
}
