package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.engine.parse.ReplyParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stop strings in text, and not in what is no text. */
class ReplyTest {
  private final List<ChatEvent> heard = new ArrayList<>();

  /** A piece in brackets is a call, one in parentheses a thought. */
  private static final class ByBrackets implements ReplyParser {
    private int calls;

    @Override
    public List<ChatEvent> accept(String piece) {
      return switch (piece.charAt(0)) {
        case '[' ->
            List.of(
                new ChatEvent.ToolCallStart(calls, "id", "f"),
                new ChatEvent.ToolCallArguments(calls++, piece));
        case '(' -> List.of(new ChatEvent.Reasoning(piece));
        default -> List.of(new ChatEvent.Text(piece));
      };
    }

    @Override
    public List<ChatEvent> finish() {
      return List.of();
    }
  }

  private Reply reply(String... stops) {
    return new Reply(List.of(stops), new ByBrackets(), heard::add);
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    heard.forEach(event -> {
      if (event instanceof ChatEvent.Text(String piece)) {
        out.append(piece);
      }
    });
    return out.toString();
  }

  @Test
  void accept_stopStringInACallOrAThought_goesOn() throws Exception {
    Reply reply = reply("Paris");
    assertTrue(reply.accept("(Paris?)"));
    assertTrue(reply.accept("[Paris]"));
    reply.finish();
    assertNull(reply.stop());
    assertEquals(new ChatEvent.ToolCallArguments(0, "[Paris]"), heard.getLast());
  }

  @Test
  void accept_stopStringInTheText_endsItBefore() throws Exception {
    Reply reply = reply("Paris");
    assertTrue(reply.accept("In Pa"));
    assertFalse(reply.accept("ris it rains"));
    reply.finish();
    assertEquals("Paris", reply.stop());
    assertEquals("In ", text());
  }

  @Test
  void accept_beginningOfAStopStringBeforeACall_isPassedOnInItsPlace() throws Exception {
    Reply reply = reply("Paris");
    assertTrue(reply.accept("I go to Pa"));
    assertTrue(reply.accept("[x]"));
    assertTrue(reply.accept("ris"));
    reply.finish();
    assertNull(reply.stop());
    assertEquals("I go to Paris", text());
    assertEquals(new ChatEvent.Text("Pa"), heard.get(1));
  }
}
