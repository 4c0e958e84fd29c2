package dev.nearside.engine.parse.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a model writes calls.
 *
 * @param place where a call may begin
 * @param separator white space that stands between the answer's text and the first call
 * @param section what encloses all calls together, or null
 * @param call the parts of one call
 * @param between text between two calls
 */
public record CallSyntax(
    Place place, String separator, @Nullable Section section, List<CallPart> call, String between) {
  /** What encloses all calls of a reply. */
  public record Section(String open, String close) {}

  /** Where calls may begin. */
  public enum Place {
    /** Wherever the marker stands. */
    ANYWHERE,
    /** Before any text, and only with the name of a tool that is offered. */
    START,
    /** On a line of its own, and only with the name of a tool that is offered. */
    LINE
  }

  public CallSyntax {
    call = List.copyOf(call);
  }

  /** Calls that are not enclosed together, each after its own marker, one per line. */
  public static CallSyntax marked(CallPart... call) {
    return new CallSyntax(Place.ANYWHERE, "\n", null, List.of(call), "\n");
  }

  /** Calls that stand where the answer's text would. */
  public static CallSyntax atStart(CallPart... call) {
    return new CallSyntax(Place.START, "", null, List.of(call), "\n");
  }

  /** All texts that calls are made of. */
  List<String> literals() {
    List<String> literals = new ArrayList<>();
    if (section != null) {
      literals.add(section.open());
      literals.add(section.close());
    }
    call.forEach(part -> literals.addAll(part.literals()));
    return literals;
  }

  public CallSyntax in(String open, String close) {
    return new CallSyntax(place, separator, new Section(open, close), call, between);
  }

  public CallSyntax after(String white) {
    return new CallSyntax(place, white, section, call, between);
  }

  public CallSyntax joinedBy(String text) {
    return new CallSyntax(place, separator, section, call, text);
  }

  public CallSyntax at(Place other) {
    return new CallSyntax(other, separator, section, call, between);
  }
}
