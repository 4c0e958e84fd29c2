package dev.nearside.engine.parse;

import dev.nearside.engine.parse.read.HarmonyParser;
import dev.nearside.engine.parse.read.MarkedParser;
import dev.nearside.engine.parse.syntax.ReplyFormat;

/** Makes parsers. */
public final class Parsers {
  private Parsers() {}

  /**
   * A parser for one reply.
   *
   * @param prompt the text that the model goes on from
   */
  public static ReplyParser of(ReplyFormat format, ReplyContext context, String prompt) {
    if (format.isHarmony()) {
      return new HarmonyParser(context);
    }
    ReplyParser parser = new MarkedParser(format, context);
    boolean isPrimed = !format.primer().isEmpty() && prompt.endsWith(format.primer());
    if (isPrimed && !parser.accept(format.primer()).isEmpty()) {
      throw new AssertionError("a primer is the beginning of a marker");
    }
    return parser;
  }

  /** The parser with the code block around a JSON document taken away. */
  public static ReplyParser withoutFence(ReplyParser parser) {
    return new JsonFenceParser(parser);
  }

  /** The parser with thoughts left in the text, between their markers. */
  public static ReplyParser withThoughtsAsText(
      ReplyParser parser, ReplyFormat format, ReplyContext.Start start) {
    return format.thinking() == null
        ? parser
        : new ThoughtsAsText(parser, format.thinking(), start);
  }
}
