package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** NVIDIA's Nemotron Nano 2: a list of calls in a tag. */
final class Nemotron implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "nemotron-2",
          CallSyntax.marked(
              new CallPart.Literal("<TOOLCALL>"),
              new CallPart.JsonCalls(JsonKeys.USUAL, true),
              new CallPart.Literal("</TOOLCALL>")));

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("<TOOLCALL>"), FORMAT);
  }
}
