package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Cohere's Command models: a list of calls as an action. */
final class Cohere implements Family {
  private static final CallPart CALLS =
      new CallPart.JsonCalls(new JsonKeys("tool_name", "parameters", "tool_call_id", false), true);

  private static final ReplyFormat ACTION =
      ReplyFormat.of(
              "cohere",
              CallSyntax.marked(
                      new CallPart.Literal("<|START_ACTION|>"),
                      CALLS,
                      new CallPart.Literal("<|END_ACTION|>"))
                  .after(""))
          .withThinking(Thinking.of("<|START_THINKING|>", "<|END_THINKING|>"))
          .withSilent(
              "<|START_RESPONSE|>",
              "<|END_RESPONSE|>",
              "<|START_TEXT|>",
              "<|END_TEXT|>",
              "<|CHATBOT_TOKEN|>",
              "<|END_OF_TURN_TOKEN|>");

  private static final ReplyFormat FENCED =
      ReplyFormat.of(
              "command-r",
              CallSyntax.marked(
                  new CallPart.Literal("Action: ```json\n"), CALLS, new CallPart.Literal("\n```")))
          .withThinking(null)
          .withSilent("<|CHATBOT_TOKEN|>", "<|END_OF_TURN_TOKEN|>");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    if (template.contains("<|START_ACTION|>")) {
      return Optional.of(ACTION);
    }
    return Family.when(template.contains("<|CHATBOT_TOKEN|>"), FENCED);
  }
}
