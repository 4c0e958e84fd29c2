package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/**
 * DeepSeek V3, R1 and V3.1. The distilled R1 models are of other families, and some of them call as
 * these do.
 */
final class DeepSeek implements Family {
  private static final String BEGIN = "<｜tool▁calls▁begin｜>";
  private static final String END = "<｜tool▁calls▁end｜>";
  private static final String CALL = "<｜tool▁call▁begin｜>";
  private static final String CALL_END = "<｜tool▁call▁end｜>";
  private static final String SEPARATOR = "<｜tool▁sep｜>";

  private static final CallSyntax FENCED =
      CallSyntax.marked(
              new CallPart.Literal(CALL + "function" + SEPARATOR),
              new CallPart.Name(),
              new CallPart.Literal("\n```json\n"),
              new CallPart.Arguments(),
              new CallPart.Literal("\n```" + CALL_END))
          .in(BEGIN, END)
          .after("");

  private static final CallSyntax PLAIN =
      CallSyntax.marked(
              new CallPart.Literal(CALL),
              new CallPart.Name(),
              new CallPart.Literal(SEPARATOR),
              new CallPart.Arguments(),
              new CallPart.Literal(CALL_END))
          .in(BEGIN, END)
          .after("")
          .joinedBy("");

  private static final Thinking THINKING = Thinking.TAGS.interruptedBy(Thinking.Interrupts.ALWAYS);
  private static final ReplyFormat V3 =
      ReplyFormat.of("deepseek-v3", FENCED, PLAIN, Hermes.CALL).withThinking(THINKING);
  private static final ReplyFormat V31 =
      ReplyFormat.of("deepseek-v3.1", PLAIN, FENCED).withThinking(THINKING);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(
        template.contains("tool▁call▁begin"), template.contains("```json") ? V3 : V31);
  }
}
