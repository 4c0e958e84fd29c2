package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** DeepSeek V3.2 and V4: tags that tell whether a value is a string or JSON. */
final class DeepSeekDsml implements Family {
  private static final String MARK = "｜DSML｜";
  private static final ReplyFormat V32 = format("function_calls");
  private static final ReplyFormat V4 = format("tool_calls");

  private static ReplyFormat format(String section) {
    return ReplyFormat.of(
        "deepseek-dsml",
        CallSyntax.marked(
                new CallPart.Literal("<" + MARK + "invoke name=\""),
                new CallPart.Name(),
                new CallPart.Literal("\">\n"),
                new CallPart.Parameters(
                    "<" + MARK + "parameter name=\"",
                    "\" string=\"",
                    "\">",
                    "</" + MARK + "parameter>\n",
                    CallPart.Layout.INLINE),
                new CallPart.Literal("</" + MARK + "invoke>\n"))
            .in("<" + MARK + section + ">\n", "</" + MARK + section + ">")
            .after("\n\n")
            .joinedBy(""));
  }

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("DSML"), template.contains("function_calls") ? V32 : V4);
  }
}
