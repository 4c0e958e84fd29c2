package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.Optional;

/** Kimi K3: everything in tags made of three tokens. */
final class KimiK3 implements Family {
  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
              "kimi-k3",
              CallSyntax.marked(
                      new CallPart.Literal("<|open|>call tool=\""),
                      new CallPart.Name(),
                      new CallPart.Index("\" index=\"", false),
                      new CallPart.Literal("\"<|sep|>"),
                      new CallPart.Parameters(
                          "<|open|>argument key=\"",
                          "\" type=\"",
                          "\"<|sep|>",
                          "<|close|>argument<|sep|>",
                          CallPart.Layout.INLINE),
                      new CallPart.Literal("<|close|>call<|sep|>"))
                  .in("<|open|>tools<|sep|>", "<|close|>tools<|sep|>")
                  .after("")
                  .joinedBy(""))
          .withThinking(
              Thinking.of("<|open|>think<|sep|>", "<|close|>think<|sep|>")
                  .anywhere()
                  .interruptedBy(Thinking.Interrupts.ALWAYS))
          .withSilent(
              "<|open|>response<|sep|>", "<|close|>response<|sep|>", "<|close|>message<|sep|>");

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(Family.hasAll(template, "<|open|>", "<|close|>", "<|sep|>"), FORMAT);
  }
}
