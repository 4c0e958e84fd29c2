package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** MiniMax M2: arguments in tags. M1: JSON objects, one per line. */
final class MiniMaxM2 implements Family {
  private static final ReplyFormat TAGS =
      ReplyFormat.of(
          "minimax-m2",
          CallSyntax.marked(
                  new CallPart.Literal("<invoke name=\""),
                  new CallPart.Name(),
                  new CallPart.Literal("\">\n"),
                  new CallPart.Parameters(
                      "<parameter name=\"", "\">", null, "</parameter>\n", CallPart.Layout.INLINE),
                  new CallPart.Literal("</invoke>\n"))
              .in("<minimax:tool_call>\n", "</minimax:tool_call>")
              .joinedBy(""));

  private static final ReplyFormat LINES =
      ReplyFormat.of(
          "minimax-m1",
          CallSyntax.marked(new CallPart.JsonCalls(JsonKeys.USUAL, false))
              .in("<tool_calls>\n", "\n</tool_calls>"));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    if (template.contains("<minimax:tool_call>")) {
      return Optional.of(TAGS);
    }
    return Family.when(Family.hasAll(template, "<beginning_of_sentence>", "<tool_calls>"), LINES);
  }
}
