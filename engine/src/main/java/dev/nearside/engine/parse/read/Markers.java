package dev.nearside.engine.parse.read;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.CallSyntax.Place;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The markers of a format, and where they stand in a text. */
final class Markers {
  /** What a marker begins or ends. */
  enum Kind {
    THINK,
    THOUGHT_END,
    CALL,
    SILENT
  }

  /**
   * A marker.
   *
   * @param lead how much white space before it, which is part of {@code whole}, is dropped with it
   * @param text the marker
   * @param calls what it may begin, in the order in which to try
   */
  record Marker(Kind kind, int lead, String whole, String text, List<Start> calls) {}

  /**
   * A call that may begin.
   *
   * @param isSection whether the marker is the section's
   */
  record Start(CallSyntax call, boolean isSection) {
    boolean wantsKnown() {
      return call.place() != Place.ANYWHERE;
    }

    CallReader reader() {
      return new CallReader(call, isSection);
    }
  }

  /**
   * What was found.
   *
   * @param at where the marker with its white space begins
   * @param held how many characters at the end may be the beginning of a marker
   */
  record Found(@Nullable Marker marker, int at, int held, boolean isUndecided) {}

  private static final Found NOTHING = new Found(null, 0, 0, false);

  private final List<Marker> starts = new ArrayList<>();
  private final List<Marker> inner = new ArrayList<>();
  private final @Nullable Thinking thinking;

  Markers(ReplyFormat format, boolean hasTools) {
    this.thinking = format.thinking();
    if (thinking != null) {
      starts.add(plain(Kind.THINK, thinking.open()));
      starts.add(plain(Kind.THOUGHT_END, thinking.close()));
    }
    format.silent().forEach(marker -> inner.add(plain(Kind.SILENT, marker)));
    if (hasTools) {
      format.calls().forEach(this::add);
    }
    if (thinking != null && thinking.isAnywhere()) {
      inner.add(plain(Kind.THINK, thinking.open()));
    }
    withShorter(starts);
    withShorter(inner);
  }

  // What a marker begins may also be what a shorter one begins that it begins with.
  private static void withShorter(List<Marker> markers) {
    markers.sort(Comparator.comparingInt(m -> -m.whole().length()));
    for (int i = 0; i < markers.size(); i++) {
      Marker marker = markers.get(i);
      List<Start> calls = new ArrayList<>(marker.calls());
      for (Marker shorter : markers.subList(i + 1, markers.size())) {
        if (marker.whole().startsWith(shorter.whole())) {
          calls.addAll(shorter.calls());
        }
      }
      markers.set(
          i, new Marker(marker.kind(), marker.lead(), marker.whole(), marker.text(), calls));
    }
  }

  private static Marker plain(Kind kind, String text) {
    return new Marker(kind, 0, text, text, List.of());
  }

  private void add(CallSyntax call) {
    if (call.section() != null && !call.section().open().isEmpty()) {
      add(call, firstWord(call.section().open()), true);
    }
    CallPart first = call.call().getFirst();
    String text = Triggers.first(first);
    if (!text.isEmpty()) {
      add(call, text, false);
    } else if (call.section() != null) {
      return;
    } else if (first instanceof CallPart.JsonCalls) {
      add(call, "{", false);
      add(call, "[", false);
    } else if (first instanceof CallPart.PythonCalls) {
      add(call, "[", false);
    }
  }

  private void add(CallSyntax call, String text, boolean isSection) {
    Marker plain = new Marker(Kind.CALL, 0, text, text, List.of(new Start(call, isSection)));
    put(starts, plain);
    switch (call.place()) {
      case ANYWHERE -> {
        put(inner, plain);
        if (!call.separator().isEmpty()) {
          put(inner, withLead(plain, call.separator()));
        }
      }
      case LINE -> put(inner, withLead(plain, "\n"));
      case START -> {
        return;
      }
    }
  }

  // Ways to write calls that begin alike share a marker.
  private static void put(List<Marker> markers, Marker marker) {
    for (int i = 0; i < markers.size(); i++) {
      Marker old = markers.get(i);
      if (old.kind() == Kind.CALL && old.whole().equals(marker.whole())) {
        List<Start> calls = new ArrayList<>(old.calls());
        calls.addAll(marker.calls());
        markers.set(i, new Marker(old.kind(), old.lead(), old.whole(), old.text(), calls));
        return;
      }
    }
    markers.add(marker);
  }

  private static Marker withLead(Marker marker, String lead) {
    return new Marker(
        marker.kind(), lead.length(), lead + marker.text(), marker.text(), marker.calls());
  }

  private static String firstWord(String text) {
    return Triggers.first(new CallPart.Literal(text));
  }

  /** A marker at the position, where no text has come yet. */
  Found atStart(Feed in) {
    Marker best = null;
    boolean isUndecided = false;
    for (Marker marker : starts) {
      switch (in.match(marker.text())) {
        case YES -> {
          if (best == null || marker.text().length() > best.text().length()) {
            best = marker;
          }
        }
        case UNDECIDED -> isUndecided = true;
        case NO -> {
          continue;
        }
      }
    }
    return new Found(best, 0, 0, isUndecided);
  }

  /** The first marker further on. */
  Found inText(Feed in) {
    return first(in, inner);
  }

  /**
   * The first call that ends the thoughts; where all calls do, also what frames the answer.
   *
   * @param isBegin whether no thought has come yet
   */
  Found inThought(Feed in, Thinking.Interrupts interrupts, boolean isBegin) {
    if (interrupts == Thinking.Interrupts.NEVER) {
      return NOTHING;
    }
    List<Marker> plain = new ArrayList<>();
    for (Marker marker : inner) {
      boolean ends = marker.kind() == Kind.CALL || interrupts == Thinking.Interrupts.ALWAYS;
      if (ends && marker.kind() != Kind.THINK && marker.lead() == 0) {
        plain.add(marker);
      }
    }
    if (interrupts == Thinking.Interrupts.ALWAYS) {
      return first(in, plain);
    }
    Found begin = isBegin ? atPosition(in, plain) : NOTHING;
    return begin.marker() != null || begin.isUndecided()
        ? begin
        : first(in, plain.stream().map(marker -> withLead(marker, "\n")).toList());
  }

  private static Found atPosition(Feed in, List<Marker> markers) {
    for (Marker marker : markers) {
      Feed.Match match = in.match(marker.text());
      if (match != Feed.Match.NO) {
        boolean isThere = match == Feed.Match.YES;
        return new Found(isThere ? marker : null, 0, in.available(), !isThere);
      }
    }
    return NOTHING;
  }

  private static Found first(Feed in, List<Marker> markers) {
    Marker best = null;
    int at = Integer.MAX_VALUE;
    int held = 0;
    for (Marker marker : markers) {
      int found = in.find(marker.whole(), 0);
      if (found >= 0 && found < at) {
        at = found;
        best = marker;
      }
      held = Math.max(held, in.isEnd() ? 0 : in.heldFor(marker.whole()));
    }
    if (best == null) {
      return new Found(null, 0, held, false);
    }
    // A longer marker may stand there.
    for (Marker marker : markers) {
      boolean isLonger = marker.whole().length() > best.whole().length();
      if (isLonger && in.matchAt(marker.whole(), at) == Feed.Match.UNDECIDED) {
        return new Found(null, 0, in.available() - at, true);
      }
    }
    return new Found(best, at, 0, false);
  }
}
