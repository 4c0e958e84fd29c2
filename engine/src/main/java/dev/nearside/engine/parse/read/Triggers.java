package dev.nearside.engine.parse.read;

import dev.nearside.engine.parse.syntax.CallPart;

/** What parts of calls begin with. */
final class Triggers {
  private Triggers() {}

  /** The text that a part begins with; empty if it is not fixed. */
  static String text(CallPart part) {
    return switch (part) {
      case CallPart.Literal(String text) -> text;
      case CallPart.Id(String open) -> open;
      case CallPart.Index index -> index.open();
      case CallPart.Parameters parameters -> parameters.open();
      case CallPart.BareObject object -> "{";
      case CallPart.Name name -> "";
      case CallPart.Arguments arguments -> "{";
      case CallPart.JsonCalls calls -> "";
      case CallPart.NestedTags tags -> tags.mark();
      case CallPart.PythonCalls calls -> "";
      case CallPart.Code code -> "";
    };
  }

  /** The same up to white space: enough to know the part by. */
  static String first(CallPart part) {
    String text = text(part).strip();
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }
}
