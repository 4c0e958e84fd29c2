package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** MiniMax M3: nested tags, each after a token of its own. */
final class MiniMaxM3 implements Family {
  private static final String MARK = "]<]minimax[>[";

  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "minimax-m3",
              CallSyntax.marked(
                      new CallPart.Literal(MARK + "<invoke name=\""),
                      new CallPart.Name(),
                      new CallPart.Literal("\">"),
                      new CallPart.NestedTags(MARK),
                      new CallPart.Literal(MARK + "</invoke>\n"))
                  .in(MARK + "<tool_call>\n", MARK + "</tool_call>")
                  .after("")
                  .joinedBy(""))
          .withThinking(Thinking.of("<mm:think>", "</mm:think>"));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains(MARK), FORMAT);
  }
}
