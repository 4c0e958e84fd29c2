package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.IdStyle;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Kimi K2: a section of calls, each with an id that holds its name and number. */
final class KimiK2 implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "kimi-k2",
              CallSyntax.marked(
                      new CallPart.Literal("<|tool_call_begin|>functions."),
                      new CallPart.Name(),
                      new CallPart.Index(":", true),
                      new CallPart.Literal("<|tool_call_argument_begin|>"),
                      new CallPart.Arguments(),
                      new CallPart.Literal("<|tool_call_end|>"))
                  .in("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>")
                  .after("")
                  .joinedBy(""))
          .withThinking(Thinking.TAGS.interruptedBy(Thinking.Interrupts.ALWAYS))
          .withIds(IdStyle.KIMI);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<|tool_call_argument_begin|>"), FORMAT);
  }
}
