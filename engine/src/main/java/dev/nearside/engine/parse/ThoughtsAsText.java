package dev.nearside.engine.parse;

import dev.nearside.chat.ChatEvent;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.ArrayList;
import java.util.List;

/** Leaves the thoughts in the text, between their markers, for callers who want it so. */
final class ThoughtsAsText implements ReplyParser {
  private final ReplyParser parser;
  private final Thinking thinking;
  // The prompt has the opening marker already.
  private boolean isPrompted;
  private boolean isOpen;

  ThoughtsAsText(ReplyParser parser, Thinking thinking, ReplyContext.Start start) {
    this.parser = parser;
    this.thinking = thinking;
    isPrompted =
        start == ReplyContext.Start.THOUGHTS || start == ReplyContext.Start.WITHIN_THOUGHTS;
  }

  @Override
  public List<ChatEvent> accept(String piece) {
    return events(parser.accept(piece));
  }

  @Override
  public List<ChatEvent> finish() {
    return events(parser.finish());
  }

  @Override
  public boolean isComplete() {
    return parser.isComplete();
  }

  private List<ChatEvent> events(List<ChatEvent> events) {
    List<ChatEvent> out = new ArrayList<>();
    for (ChatEvent event : events) {
      if (event instanceof ChatEvent.Reasoning(String thought)) {
        if (!isOpen && !isPrompted) {
          out.add(new ChatEvent.Text(opening()));
        }
        isOpen = true;
        isPrompted = false;
        out.add(new ChatEvent.Text(thought));
      } else {
        if (isOpen) {
          out.add(new ChatEvent.Text(thinking.close()));
        }
        isOpen = false;
        out.add(event);
      }
    }
    return out;
  }

  private String opening() {
    return thinking.open() + (thinking.headings().isEmpty() ? "" : thinking.headings().getLast());
  }
}
