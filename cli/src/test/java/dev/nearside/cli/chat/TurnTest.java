package dev.nearside.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnTest {
  private static final String FULL = "(the context of 64 tokens is full; /clear ";

  private final FakeModel fake = new FakeModel();
  private final StringWriter answer = new StringWriter();
  private final StringWriter notes = new StringWriter();

  @Test
  void run_whole_saysNothingMore() {
    assertTrue(run(answer, 0));
    assertEquals("Hello", answer.toString().strip());
    assertEquals("", notes.toString());
  }

  @Test
  void run_engineStoppedAStalledReader_isToldAndTheChatGoesOn() {
    fake.end = FinishReason.CANCELLED;
    assertTrue(run(answer, 0));
    assertEquals("(stopped)", notes.toString().strip());
  }

  @Test
  void run_interrupted_isToldAndTheChatGoesOn() {
    fake.isInterrupted = true;
    assertTrue(run(answer, 0));
    assertEquals("(stopped)", notes.toString().strip());
  }

  @Test
  void run_answersClosed_endsTheChat() {
    OutputStream closed = OutputStream.nullOutputStream();
    Writer gone = new PrintWriter(closed, false, StandardCharsets.UTF_8);
    ((PrintWriter) gone).close();
    assertFalse(run(gone, 0));
    assertEquals("", notes.toString());
  }

  @Test
  void run_contextFull_isToldAlsoWithATokenLimit() {
    fake.end = FinishReason.LENGTH;
    assertTrue(run(answer, 0));
    assertTrue(notes.toString().startsWith(FULL), notes::toString);
    notes.getBuffer().setLength(0);
    assertTrue(run(answer, 5));
    assertTrue(notes.toString().startsWith(FULL), notes::toString);
  }

  @Test
  void run_tokenLimitReached_isNotTold() {
    fake.end = FinishReason.LENGTH;
    assertTrue(run(answer, 1));
    assertEquals("", notes.toString());
  }

  private boolean run(Writer answers, int maxTokens) {
    ChatModel model = fake.model(false);
    PrintWriter notesOut = new PrintWriter(notes, true);
    PrintWriter out = new PrintWriter(answers);
    ReplyPrinter.Places places = new ReplyPrinter.Places(out, true, notesOut, false);
    ChatSettings settings =
        new ChatSettings(
            null, Sampling.DEFAULTS, maxTokens, List.of(), OutputFormat.TEXT, null, false);
    return new Turn(model, new Conversation(model), places, notesOut).run("Hi", settings);
  }
}
