package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** ByteDance's Seed-OSS: as Qwen3-Coder, with other tags. */
final class SeedOss implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "seed-oss",
              CallSyntax.marked(
                  new CallPart.Literal("<seed:tool_call>\n<function="),
                  new CallPart.Name(),
                  new CallPart.Literal(">\n"),
                  new CallPart.Parameters(
                      "<parameter=", ">", null, "</parameter>\n", CallPart.Layout.INLINE),
                  new CallPart.Literal("</function>\n</seed:tool_call>")))
          .withThinking(Thinking.of("<seed:think>", "</seed:think>"));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<seed:tool_call>"), FORMAT);
  }
}
