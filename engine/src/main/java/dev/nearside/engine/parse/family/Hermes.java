package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** Hermes, Qwen 2.5 and 3, Granite 4, SmolLM3, Reka and many more: JSON in a tag. */
final class Hermes implements Family {
  /** {@code <tool_call>{…}</tool_call>}. */
  static final CallSyntax CALL =
      CallSyntax.marked(
          new CallPart.Literal("<tool_call>\n"),
          new CallPart.JsonCalls(JsonKeys.USUAL, false),
          new CallPart.Literal("\n</tool_call>"));

  private static final ReplyFormat FORMAT = ReplyFormat.of("hermes", CALL);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<tool_call>"), FORMAT);
  }
}
