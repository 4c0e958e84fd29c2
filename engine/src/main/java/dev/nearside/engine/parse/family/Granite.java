package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** IBM's Granite 3: a list of calls after a token. Granite 4 writes as Hermes does. */
final class Granite implements Family {
  private static final CallPart LIST = new CallPart.JsonCalls(JsonKeys.USUAL, true);

  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "granite-3",
              CallSyntax.marked(new CallPart.Literal("<|tool_call|>"), LIST),
              CallSyntax.marked(new CallPart.Literal("<tool_call>"), LIST))
          .withSilent("<response>", "</response>");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(Family.hasAll(template, "<|start_of_role|>", "<|tool_call|>"), FORMAT);
  }
}
