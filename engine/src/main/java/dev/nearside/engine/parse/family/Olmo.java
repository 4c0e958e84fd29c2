package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** Ai2's Olmo 3: calls as in Python, one per line, in a tag. */
final class Olmo implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "olmo-3",
          CallSyntax.marked(
              new CallPart.Literal("<function_calls>"),
              new CallPart.PythonCalls("</function_calls>"),
              new CallPart.Literal("</function_calls>")));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<function_calls>"), FORMAT);
  }
}
