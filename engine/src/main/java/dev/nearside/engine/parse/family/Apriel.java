package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** ServiceNow's Apriel: a list of calls in a tag, and thoughts that end with a heading. */
final class Apriel implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "apriel",
              CallSyntax.marked(
                  new CallPart.Literal("<tool_calls>"),
                  new CallPart.JsonCalls(JsonKeys.USUAL, true),
                  new CallPart.Literal("</tool_calls>")))
          .withThinking(Thinking.of("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"))
          .withSilent("[END FINAL RESPONSE]");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(
        template.contains("<tool_calls>[") || template.contains("[BEGIN FINAL RESPONSE]"), FORMAT);
  }
}
