package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Tencent's Hunyuan 3, whose tags bear a suffix. */
final class Hunyuan implements Family {
  private static final String SUFFIX = ":opensource>";

  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "hunyuan-3",
              CallSyntax.marked(
                      new CallPart.Literal("<tool_call" + SUFFIX),
                      new CallPart.Name(),
                      new CallPart.Literal("<tool_sep" + SUFFIX + "\n"),
                      new CallPart.Parameters(
                          "<arg_key" + SUFFIX,
                          "</arg_key" + SUFFIX + "\n<arg_value" + SUFFIX,
                          null,
                          "</arg_value" + SUFFIX + "\n",
                          CallPart.Layout.INLINE),
                      new CallPart.Literal("</tool_call" + SUFFIX))
                  .in("<tool_calls" + SUFFIX + "\n", "\n</tool_calls" + SUFFIX)
                  .after(""))
          .withThinking(Thinking.of("<think" + SUFFIX, "</think" + SUFFIX));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(Family.hasAll(template, "HYTK", "<tool_sep"), FORMAT);
  }
}
