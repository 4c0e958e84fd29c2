package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.List;
import java.util.Optional;

/** Gemma 4 and FunctionGemma; the older ones, whose templates know no tools. */
final class Gemma implements Family {
  private static final ReplyFormat GEMMA4 =
      ReplyFormat.of(
              "gemma4",
              CallSyntax.marked(
                      new CallPart.Literal("<|tool_call>call:"),
                      new CallPart.Name(),
                      new CallPart.BareObject("<|\"|>"),
                      new CallPart.Literal("<tool_call|>"))
                  .after("")
                  .joinedBy(""))
          .withThinking(
              new Thinking(
                  "<|channel>",
                  "<channel|>",
                  List.of("<|channel>", "thought\n"),
                  true,
                  Thinking.Interrupts.NEVER));

  private static final ReplyFormat FUNCTION =
      ReplyFormat.of(
              "functiongemma",
              CallSyntax.marked(
                      new CallPart.Literal("<start_function_call>call:"),
                      new CallPart.Name(),
                      new CallPart.BareObject("<escape>"),
                      new CallPart.Literal("<end_function_call>"))
                  .after("")
                  .joinedBy(""))
          .withThinking(null);

  private static final ReplyFormat PLAIN =
      ReplyFormat.of(
          "gemma",
          Generic.BARE,
          CallSyntax.marked(
                  new CallPart.Literal("```tool_code\n"),
                  new CallPart.PythonCalls("```"),
                  new CallPart.Literal("```"))
              .at(CallSyntax.Place.LINE),
          Generic.FENCED,
          Hermes.CALL);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    if (template.contains("<|tool_call>call:")) {
      return Optional.of(GEMMA4);
    }
    if (template.contains("<start_function_call>")) {
      return Optional.of(FUNCTION);
    }
    return Family.when(template.contains("<start_of_turn>"), PLAIN);
  }
}
