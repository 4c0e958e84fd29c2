package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/**
 * Any other model. Its template knows no tools, so the prompt tells it to answer with a JSON object
 * to call one; tags and fences that models like to put around it are understood.
 */
final class Generic implements Family {
  private static final CallPart OBJECT = new CallPart.JsonCalls(JsonKeys.USUAL, false);

  /** A bare object, or a list of them, where the text would begin. */
  static final CallSyntax BARE = CallSyntax.atStart(OBJECT);

  /** The same in a code block. */
  static final CallSyntax FENCED =
      CallSyntax.marked(new CallPart.Literal("```json\n"), OBJECT, new CallPart.Literal("\n```"))
          .at(CallSyntax.Place.LINE);

  private static final ReplyFormat FORMAT = ReplyFormat.of("generic", BARE, FENCED, Hermes.CALL);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    return Optional.of(FORMAT);
  }
}
