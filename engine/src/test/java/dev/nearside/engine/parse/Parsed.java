package dev.nearside.engine.parse;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** What the events of a reply come to. */
public record Parsed(String text, String reasoning, List<ToolCall> calls) {
  /** Feeds a parser. */
  static Parsed of(ReplyParser parser, List<String> pieces) {
    List<ChatEvent> events = new ArrayList<>();
    pieces.forEach(piece -> events.addAll(parser.accept(piece)));
    events.addAll(parser.finish());
    return of(events);
  }

  /** Puts events together. */
  public static Parsed of(List<ChatEvent> events) {
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    for (ChatEvent event : events) {
      switch (event) {
        case ChatEvent.Text(String piece) -> text.append(piece);
        case ChatEvent.Reasoning(String piece) -> reasoning.append(piece);
        case ChatEvent.ToolCallStart(int index, String id, String name) -> {
          check(index == calls.size(), "calls are numbered one after the other");
          calls.add(new ToolCall(id, name, ""));
        }
        case ChatEvent.ToolCallArguments(int index, String piece) -> {
          check(index == calls.size() - 1, "arguments belong to the last call");
          ToolCall last = calls.removeLast();
          calls.add(new ToolCall(last.id(), last.name(), last.arguments() + piece));
        }
        case ChatEvent.Logprobs logprobs -> check(false, "a parser knows no likelihoods");
      }
    }
    return new Parsed(text.toString(), reasoning.toString(), calls);
  }

  private static void check(boolean is, String what) {
    if (!is) {
      throw new AssertionError(what);
    }
  }
}
