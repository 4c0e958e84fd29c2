package dev.nearside.cli.chat;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.SinkClosedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class EndlessLoopTest {
  private static int charactersUntilNoticed(String before, String piece, int most) {
    EndlessLoop loop = new EndlessLoop();
    assertFalse(loop.add(before));
    for (int said = 0; said < most; said += piece.length()) {
      if (loop.add(piece)) {
        return said + piece.length();
      }
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void add_samePieceOverAndOver_isNoticed() {
    String line = "A world where the sea is a place, a place where the sea is a place,\n";
    assertTrue(charactersUntilNoticed("A poem.\n", line, 5000) < 1500);
    assertTrue(charactersUntilNoticed("北京。", "；", 5000) < 1500);
    assertTrue(charactersUntilNoticed("x".repeat(900) + "y", "ab", 5000) < 1500);
  }

  @Test
  void add_similarLinesOrFewRepetitions_isNot() {
    EndlessLoop loop = new EndlessLoop();
    for (int i = 0; i < 500; i++) {
      assertFalse(loop.add(i + ". another line of a long list\n"));
    }
    EndlessLoop few = new EndlessLoop();
    assertFalse(few.add("ha ".repeat(150)));
  }

  @Test
  void printer_replyThatLoops_isCutOnlyWithoutALimit() throws SinkClosedException {
    StringWriter out = new StringWriter();
    ReplyPrinter.Places places = new ReplyPrinter.Places(new PrintWriter(out), false, null, false);
    ReplyPrinter free = new ReplyPrinter(places, false);
    free.accept(new ChatEvent.Text("ha ".repeat(1000)));
    assertFalse(free.isLooping());
    ReplyPrinter guarded = new ReplyPrinter(places, true);
    Assertions.assertThrows(
        SinkClosedException.class, () -> guarded.accept(new ChatEvent.Text("ha ".repeat(1000))));
    assertTrue(guarded.isLooping());
    assertFalse(guarded.isOver(), "somebody still reads");
  }
}
