package dev.nearside.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReasoningSplitterTest {
  private record Result(String thoughts, String answer) {}

  @Test
  void accept_thoughtsAndAnswer_areSplitAndTrimmed() {
    assertEquals(
        new Result("let me see", "It is 4.\n"),
        run(false, List.of("<think>\nlet me see\n</think>\n\nIt is 4.\n")));
  }

  @Test
  void accept_promptOpenedTheThoughts_beginsThinking() {
    assertEquals(new Result("hm", "yes"), run(true, List.of("\nhm\n</think>\n", "yes")));
  }

  @Test
  void accept_noThoughts_everythingIsAnswer() {
    assertEquals(new Result("", " a <think> b"), run(false, List.of(" a <th", "ink> b")));
  }

  @Test
  void accept_emptyThoughts_giveNoEvent() {
    ReasoningSplitter splitter = new ReasoningSplitter(false);
    List<ChatEvent> events = new ArrayList<>(splitter.accept("<think>\n\n</think>\n\nHi"));
    events.addAll(splitter.finish());
    assertEquals(List.of(new ChatEvent.Text("Hi")), events);
  }

  @Test
  void finish_unfinishedThoughts_areThoughts() {
    assertEquals(new Result("never </thin", ""), run(false, List.of("<think>never ", "</thin")));
  }

  @Test
  void finish_halfAnOpeningTag_isAnswer() {
    assertEquals(new Result("", "<thi"), run(false, List.of("<th", "i")));
  }

  @Test
  void accept_anySplit_givesTheSameText() {
    String[] parts = {"<think>", "</think>", "<", "</", "think>", " ", "\n", "a", "é", "<th", "k>"};
    Random random = new Random(9);
    int withThoughts = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "<think>" : "");
      for (int i = random.nextInt(9); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      boolean isThinking = random.nextInt(4) == 0;
      Result whole = run(isThinking, List.of(text.toString()));
      Result split = run(isThinking, StopMatcherTest.pieces(random, text.toString()));
      assertEquals(whole, split, () -> "of '" + text + "'");
      withThoughts += whole.thoughts.isEmpty() ? 0 : 1;
    }
    assertTrue(withThoughts > 5_000, "the texts are worth the test");
  }

  private static Result run(boolean isThinking, List<String> pieces) {
    ReasoningSplitter splitter = new ReasoningSplitter(isThinking);
    List<ChatEvent> events = new ArrayList<>();
    pieces.forEach(p -> events.addAll(splitter.accept(p)));
    events.addAll(splitter.finish());
    StringBuilder thoughts = new StringBuilder();
    StringBuilder answer = new StringBuilder();
    for (ChatEvent event : events) {
      switch (event) {
        case ChatEvent.Reasoning r -> {
          assertTrue(answer.isEmpty(), "no thoughts after the answer began");
          thoughts.append(r.text());
        }
        case ChatEvent.Text t -> answer.append(t.text());
        default -> throw new AssertionError("not expected: " + event);
      }
    }
    return new Result(thoughts.toString(), answer.toString());
  }
}
