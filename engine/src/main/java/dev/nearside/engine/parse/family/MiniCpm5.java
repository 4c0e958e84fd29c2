package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** MiniCPM 5: XML with CDATA sections. */
final class MiniCpm5 implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "minicpm5",
          CallSyntax.marked(
              new CallPart.Literal("<function name=\""),
              new CallPart.Name(),
              new CallPart.Literal("\">"),
              new CallPart.Parameters(
                  "<param name=\"", "\">", null, "</param>", CallPart.Layout.CDATA),
              new CallPart.Literal("</function>")));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(Family.hasAll(template, "<function name=\"", "<param name=\""), FORMAT);
  }
}
