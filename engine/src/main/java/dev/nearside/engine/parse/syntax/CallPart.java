package dev.nearside.engine.parse.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a tool call as a model writes it. White space in literals is what a model is asked to
 * write; any amount of it is understood.
 */
public sealed interface CallPart {
  /** The texts that the part is made of. */
  default List<String> literals() {
    return switch (this) {
      case Literal(String text) -> List.of(text);
      case Id(String open) -> List.of(open);
      case Index index -> List.of(index.open());
      case Parameters tags -> List.of(tags.open(), tags.keyEnd(), tags.close());
      case NestedTags(String mark) -> List.of(mark);
      case BareObject(String quote) -> List.of(quote);
      case PythonCalls(String end) -> List.of(end);
      case Name name -> List.of();
      case Arguments arguments -> List.of();
      case JsonCalls calls -> List.of();
      case Code code -> List.of();
    };
  }

  /** This text. */
  record Literal(String text) implements CallPart {}

  /** The tool's name. */
  record Name() implements CallPart {}

  /**
   * An id, which may be missing.
   *
   * @param open the text before it
   */
  record Id(String open) implements CallPart {}

  /**
   * The number of the call, which may be missing.
   *
   * @param open the text before it
   * @param isId whether name and number together are the call's id, as in Kimi's {@code
   *     functions.name:0}
   */
  record Index(String open, boolean isId) implements CallPart {}

  /** The arguments as a JSON object. */
  record Arguments() implements CallPart {}

  /**
   * Whole calls as JSON objects.
   *
   * @param isList whether they stand in a JSON list
   */
  record JsonCalls(JsonKeys keys, boolean isList) implements CallPart {}

  /**
   * The arguments one by one between tags, any number: {@code open KEY keyEnd VALUE close}.
   *
   * @param attributeEnd null, or the end of an attribute that follows {@code keyEnd} and tells the
   *     value's type
   */
  record Parameters(
      String open, String keyEnd, @Nullable String attributeEnd, String close, Layout layout)
      implements CallPart {}

  /** The arguments as nested tags, each after {@code mark}: MiniMax M3. */
  record NestedTags(String mark) implements CallPart {}

  /**
   * The arguments as an object with bare keys.
   *
   * @param quote what stands around strings
   */
  record BareObject(String quote) implements CallPart {}

  /**
   * Calls as in Python, {@code [name(key=value), …]}, up to {@code end}; an empty end = up to the
   * end of the reply.
   */
  record PythonCalls(String end) implements CallPart {}

  /**
   * Anything else up to the reply's end, as the only argument of the first of these tools that is
   * offered: code for an interpreter.
   */
  record Code(List<String> tools) implements CallPart {}

  /** How a value stands between its tags. */
  enum Layout {
    /** As it is. */
    INLINE,
    /** On lines of its own. */
    LINES,
    /** As it is, or as an XML CDATA section. */
    CDATA
  }
}
