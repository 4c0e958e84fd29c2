package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** GigaChat 3: a message of its own for a call, or a token before it. */
final class GigaChat implements Family {
  private static final CallPart CALL = new CallPart.JsonCalls(JsonKeys.USUAL, false);

  private static final ReplyFormat ROLE =
      ReplyFormat.of(
          "gigachat-3",
          CallSyntax.marked(
                  new CallPart.Literal("<|message_sep|>\n\nfunction call<|role_sep|>\n"), CALL)
              .after(""));

  private static final ReplyFormat TOKEN =
      ReplyFormat.of(
          "gigachat-3.1",
          CallSyntax.marked(new CallPart.Literal("<|function_call|>"), CALL).after(""));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(
        Family.hasAll(template, "<|role_sep|>", "<|message_sep|>"),
        template.contains("<|function_call|>") ? TOKEN : ROLE);
  }
}
