package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** GLM 4.5 and later, and Laguna: keys and values in tags of their own. */
final class Glm implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "glm",
          CallSyntax.marked(
              new CallPart.Literal("<tool_call>"),
              new CallPart.Name(),
              new CallPart.Parameters(
                  "<arg_key>",
                  "</arg_key>\n<arg_value>",
                  null,
                  "</arg_value>\n",
                  CallPart.Layout.INLINE),
              new CallPart.Literal("</tool_call>")));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<arg_key>"), FORMAT);
  }
}
