package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/**
 * Qwen3-Coder, Qwen3.5, Nemotron 3 and Step 3.5: arguments in tags. The first {@code <tool_call>}
 * is left out now and then.
 */
final class QwenXml implements Family {
  private static final CallPart ARGUMENTS =
      new CallPart.Parameters(
          "<parameter=", ">\n", null, "\n</parameter>\n", CallPart.Layout.LINES);

  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "qwen-xml",
          CallSyntax.marked(
                  new CallPart.Literal("<tool_call>\n<function="),
                  new CallPart.Name(),
                  new CallPart.Literal(">\n"),
                  ARGUMENTS,
                  new CallPart.Literal("</function>\n</tool_call>"))
              .after("\n\n"),
          Hermes.CALL.after("\n\n"),
          CallSyntax.marked(
                  new CallPart.Literal("<function="),
                  new CallPart.Name(),
                  new CallPart.Literal(">\n"),
                  ARGUMENTS,
                  new CallPart.Literal("</function>\n</tool_call>"))
              .at(CallSyntax.Place.LINE));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(Family.hasAll(template, "<tool_call>", "<function=", "<parameter="), FORMAT);
  }
}
