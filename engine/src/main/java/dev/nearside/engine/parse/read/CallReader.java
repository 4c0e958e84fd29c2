package dev.nearside.engine.parse.read;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import org.jspecify.annotations.Nullable;

/** Reads the calls of one section, or one call where there are no sections. */
final class CallReader implements Reader {
  private enum State {
    OPEN,
    CALL,
    BETWEEN
  }

  private final CallSyntax syntax;
  private boolean isInSection;
  private State state;
  private int part;
  private @Nullable Reader reader;

  /**
   * @param isSection whether the text begins with the section's marker, not with a call
   */
  CallReader(CallSyntax syntax, boolean isSection) {
    this.syntax = syntax;
    this.isInSection = isSection;
    this.state = isSection ? State.OPEN : State.CALL;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    while (true) {
      Progress progress =
          switch (state) {
            case OPEN -> open(in, out);
            case CALL -> call(in, out);
            case BETWEEN -> between(in);
          };
      if (out.isOpen()) {
        in.commit();
      }
      if (progress != Progress.DONE) {
        return progress;
      }
      if (state == State.CALL && part == syntax.call().size()) {
        finishCall(in, out);
        if (!isInSection) {
          return Progress.DONE;
        }
      } else if (state == State.BETWEEN && !isInSection) {
        return Progress.DONE;
      }
    }
  }

  private Progress open(Feed in, CallWriter out) {
    if (reader == null) {
      CallSyntax.Section section = syntax.section();
      reader = new LiteralReader(section == null ? "" : section.open());
    }
    Progress progress = reader.read(in, out);
    if (progress == Progress.DONE) {
      reader = null;
      state = State.CALL;
    }
    return progress;
  }

  private Progress call(Feed in, CallWriter out) {
    if (part == syntax.call().size()) {
      return Progress.DONE;
    }
    if (reader == null) {
      reader = reader(syntax.call().get(part));
    }
    Progress progress = reader.read(in, out);
    if (progress == Progress.FAILED && (out.isOpen() || hasCalled(in))) {
      // The call is complete but for its end.
      in.rewind();
      part = syntax.call().size();
      reader = null;
      return Progress.DONE;
    }
    if (progress == Progress.DONE) {
      part++;
      reader = null;
    }
    return progress;
  }

  // Readers of whole calls end them by themselves.
  private boolean hasCalled(Feed in) {
    return part > 0
        && (syntax.call().get(part - 1) instanceof CallPart.JsonCalls
            || syntax.call().get(part - 1) instanceof CallPart.PythonCalls);
  }

  private void finishCall(Feed in, CallWriter out) {
    if (out.isOpen()) {
      out.end();
    }
    in.commit();
    part = 0;
    reader = null;
    state = State.BETWEEN;
  }

  // Another call, or the section's end.
  private Progress between(Feed in) {
    CallSyntax.Section section = syntax.section();
    if (section == null || !isInSection) {
      isInSection = false;
      return Progress.DONE;
    }
    in.skipSpaceAnd(",;");
    String close = section.close().strip();
    CallPart first = syntax.call().getFirst();
    String next = first instanceof CallPart.JsonCalls ? "{" : Triggers.first(first);
    Feed.Match closes = close.isEmpty() ? Feed.Match.NO : in.match(close);
    Feed.Match goesOn = next.isEmpty() ? Feed.Match.NO : in.match(next);
    if (closes == Feed.Match.YES) {
      in.skip(close.length());
      in.commit();
      isInSection = false;
      return Progress.DONE;
    }
    if (goesOn == Feed.Match.YES) {
      in.commit();
      state = State.CALL;
      return Progress.DONE;
    }
    if (closes == Feed.Match.UNDECIDED || goesOn == Feed.Match.UNDECIDED) {
      return Progress.MORE;
    }
    in.rewind();
    isInSection = false;
    return Progress.DONE;
  }

  private Reader reader(CallPart what) {
    return switch (what) {
      case CallPart.Literal(String text) -> new LiteralReader(text);
      case CallPart.Name() -> new NameReader(following());
      case CallPart.Id(String open) -> new IdReader(open);
      case CallPart.Index(String open, boolean isId) -> new IndexReader(open, isId);
      case CallPart.Arguments() -> new ArgumentsReader();
      case CallPart.JsonCalls calls -> new JsonCallsReader(calls.keys());
      case CallPart.Parameters parameters ->
          new ParametersReader(parameters, isAfterName() ? following() : "");
      case CallPart.NestedTags(String mark) -> new NestedTagsReader(mark, following().strip());
      case CallPart.BareObject(String quote) -> new BareObjectReader(quote);
      case CallPart.PythonCalls(String end) -> new PythonReader(end);
      case CallPart.Code(var tools) -> new CodeReader(tools);
    };
  }

  private boolean isAfterName() {
    return part > 0 && syntax.call().get(part - 1) instanceof CallPart.Name;
  }

  // What the next part begins with.
  private String following() {
    return part + 1 < syntax.call().size() ? Triggers.text(syntax.call().get(part + 1)) : "";
  }
}
