package dev.nearside.engine.parse;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;

/** Calls of {@code add} with the argument {@code a}, as a syntax wants them. */
public final class Samples {
  private Samples() {}

  /** One call. */
  public static String of(CallSyntax syntax) {
    StringBuilder out = new StringBuilder();
    if (syntax.section() != null) {
      out.append(syntax.section().open());
    }
    syntax.call().forEach(part -> out.append(of(part)));
    if (syntax.section() != null) {
      out.append(syntax.section().close());
    }
    return out.toString();
  }

  private static String of(CallPart part) {
    return switch (part) {
      case CallPart.Literal(String text) -> text;
      case CallPart.Name name -> "add";
      case CallPart.Id(String open) -> open + "abc012def";
      case CallPart.Index index -> index.open() + "0";
      case CallPart.Arguments arguments -> "{\"a\": 1}";
      case CallPart.JsonCalls(JsonKeys keys, boolean isList) ->
          isList ? "[" + json(keys) + "]" : json(keys);
      case CallPart.Parameters tags ->
          tags.open()
              + "a"
              + tags.keyEnd()
              + (tags.attributeEnd() == null
                  ? ""
                  : (tags.keyEnd().contains("string=") ? "false" : "number") + tags.attributeEnd())
              + "1"
              + tags.close();
      case CallPart.NestedTags(String mark) -> mark + "<a>1" + mark + "</a>";
      case CallPart.BareObject object -> "{a:1}";
      case CallPart.PythonCalls calls -> "[add(a=1)]";
      case CallPart.Code code -> "1 + 1";
    };
  }

  private static String json(JsonKeys keys) {
    if (keys.name() == null) {
      return "{\"add\": {\"a\": 1}}";
    }
    String call = "\"" + keys.name() + "\": \"add\", \"" + keys.arguments() + "\": {\"a\": 1}";
    if (keys.id() == null) {
      return "{" + call + "}";
    }
    String id = "\"" + keys.id() + "\": \"abcdef012\"";
    return keys.isIdLast() ? "{" + call + ", " + id + "}" : "{" + id + ", " + call + "}";
  }
}
