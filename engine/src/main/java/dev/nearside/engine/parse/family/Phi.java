package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** Microsoft's Phi 4 mini: a list of calls, between tokens or after {@code functools}. */
final class Phi implements Family {
  private static final CallPart LIST = new CallPart.JsonCalls(JsonKeys.USUAL, true);

  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "phi-4-mini",
          CallSyntax.marked(
              new CallPart.Literal("<|tool_call|>"), LIST, new CallPart.Literal("<|/tool_call|>")),
          FireFunction.CALL,
          Generic.BARE);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(
        template.contains("<|/tool_call|>")
            || Family.hasAll(template, "<|tool|>", "<|end|>", "<|assistant|>"),
        FORMAT);
  }
}
