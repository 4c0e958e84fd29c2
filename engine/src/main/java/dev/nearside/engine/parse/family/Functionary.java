package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.List;
import java.util.Optional;

/** Functionary 3.1 ({@code <function=name>…}) and 3.2 ({@code >>>name}). */
final class Functionary implements Family {
  /** Meta's way for Llama 3.1's custom tools. */
  static final CallSyntax TAG =
      CallSyntax.marked(
          new CallPart.Literal("<function="),
          new CallPart.Name(),
          new CallPart.Literal(">"),
          new CallPart.Arguments(),
          new CallPart.Literal("</function>"));

  private static final ReplyFormat V31 =
      ReplyFormat.of(
              "functionary-3.1",
              TAG,
              CallSyntax.marked(
                  new CallPart.Literal("<|python_tag|>"),
                  new CallPart.Code(List.of("python", "ipython", "code_interpreter"))))
          .withThinking(null);

  private static final ReplyFormat V32 =
      ReplyFormat.of(
              "functionary-3.2",
              CallSyntax.marked(
                      new CallPart.Literal(">>>"),
                      new CallPart.Name(),
                      new CallPart.Literal("\n"),
                      new CallPart.Arguments())
                  .after(""))
          .withThinking(null)
          .withSilent(">>>all\n")
          .withPrimer(">>>");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    if (template.contains(">>>${recipient}")) {
      return Optional.of(V32);
    }
    return Family.when(
        Family.hasAll(template, "<function=", "</function>") && !template.contains("<parameter="),
        V31);
  }
}
