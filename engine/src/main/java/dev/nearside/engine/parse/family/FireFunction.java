package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** Firefunction: a list of calls after {@code functools}. */
final class FireFunction implements Family {
  /** {@code functools[{…}]}. */
  static final CallSyntax CALL =
      CallSyntax.marked(
              new CallPart.Literal("functools"), new CallPart.JsonCalls(JsonKeys.USUAL, true))
          .after("");

  private static final ReplyFormat FORMAT = ReplyFormat.of("firefunction", CALL).withThinking(null);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Family.when(template.contains("functools["), FORMAT);
  }
}
