package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.IdStyle;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Mistral: a JSON list of calls up to tokenizer version 7, from version 11 on one by one. */
final class Mistral implements Family {
  private static final CallSyntax LIST =
      CallSyntax.marked(
              new CallPart.Literal("[TOOL_CALLS]"),
              new CallPart.JsonCalls(new JsonKeys("name", "arguments", "id", true), true))
          .after("");

  private static final CallSyntax NAMED =
      CallSyntax.marked(
              new CallPart.Literal("[TOOL_CALLS]"),
              new CallPart.Name(),
              new CallPart.Id("[CALL_ID]"),
              new CallPart.Literal("[ARGS]"),
              new CallPart.Arguments())
          .after("")
          .joinedBy("");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    if (!template.contains("[TOOL_CALLS]")) {
      return Optional.empty();
    }
    ReplyFormat format =
        template.contains("[ARGS]")
            ? ReplyFormat.of("mistral-11", NAMED, LIST)
            : ReplyFormat.of("mistral", LIST, NAMED);
    boolean hasOwn = template.contains("[THINK]");
    return Optional.of(
        format
            .withIds(IdStyle.MISTRAL)
            .withThinking(hasOwn ? Thinking.of("[THINK]", "[/THINK]") : Thinking.TAGS));
  }
}
