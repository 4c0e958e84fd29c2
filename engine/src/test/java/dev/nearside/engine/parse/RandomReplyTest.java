package dev.nearside.engine.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolSpec;
import dev.nearside.engine.parse.family.Families;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Replies made of markers, bits of JSON and words in any order. */
class RandomReplyTest {
  private static final List<String> WORDS =
      List.of(
          " ",
          "\n",
          "\n\n",
          "a",
          "é",
          "\uD83D\uDE00",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "\\",
          "\"name\": ",
          "\"arguments\": ",
          "\"add\"",
          "add",
          "get_time",
          "1",
          "(",
          ")",
          "=",
          "'",
          "{\"name\": \"add\", \"arguments\": {\"a\": 1}}",
          "{\"a\": 1}",
          "word",
          "</",
          "<",
          ">");

  private static final List<ToolSpec> TOOLS =
      List.of(
          new ToolSpec("add", null, Map.of(), false),
          new ToolSpec("get_time", "x", Map.of(), true),
          new ToolSpec("python", null, Map.of(), false));

  @Test
  void accept_anyTextCutInAnyWay_givesTheSameEvents() {
    Random random = new Random(11);
    List<ReplyContext.Start> starts = List.of(ReplyContext.Start.values());
    int calls = 0;
    for (String template : Templates.ALL) {
      ReplyFormat format = Families.of(template);
      List<String> words = words(format);
      for (int round = 0; round < 400; round++) {
        String text = text(random, words);
        ReplyContext.Start start = starts.get(random.nextInt(starts.size()));
        Parsed whole = parse(format, start, Pieces.whole(text));
        Parsed pieces = parse(format, start, Pieces.random(text, random));
        assertEquals(whole, pieces, () -> format.name() + " " + start + " of '" + text + "'");
        assertEquals(whole, parse(format, start, Pieces.characters(text)), format.name());
        calls += whole.calls().size();
      }
    }
    assertTrue(calls > 300, "the texts are worth the test: " + calls);
  }

  @Test
  void accept_anyText_losesNoWord() {
    Random random = new Random(12);
    for (String template : Templates.ALL) {
      ReplyFormat format = Families.of(template);
      List<String> words = words(format);
      for (int round = 0; round < 300; round++) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
          text.append(words.get(random.nextInt(words.size())));
        }
        String mark = "mark" + round;
        text.append(mark);
        Parsed parsed =
            parse(format, ReplyContext.Start.REPLY, Pieces.random(text.toString(), random));
        String all = parsed.text() + parsed.reasoning();
        for (ToolCall call : parsed.calls()) {
          all += call.id() + call.name() + call.arguments();
        }
        String kept = all;
        if (!format.isHarmony()) {
          assertTrue(kept.contains(mark), () -> format.name() + " of '" + text + "': " + kept);
        }
      }
    }
  }

  private static List<String> words(ReplyFormat format) {
    List<String> words = new ArrayList<>(WORDS);
    for (String literal : format.literals(true)) {
      if (!literal.isEmpty()) {
        words.add(literal);
        words.add(literal.substring(0, 1 + literal.length() / 2));
      }
    }
    format.calls().forEach(call -> words.add(Samples.of(call)));
    return words;
  }

  @Test
  void accept_sampleOfEachSyntax_isACall() {
    for (String template : Templates.ALL) {
      ReplyFormat format = Families.of(template);
      for (CallSyntax syntax : format.calls()) {
        String sample = Samples.of(syntax);
        Parsed parsed = parse(format, ReplyContext.Start.REPLY, Pieces.tokens(sample));
        assertEquals(1, parsed.calls().size(), () -> format.name() + " of '" + sample + "'");
        assertTrue(
            sample.contains("add") == parsed.calls().getFirst().name().equals("add"),
            format.name());
        assertEquals("", parsed.text(), format.name());
      }
    }
  }

  private static String text(Random random, List<String> words) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      text.append(words.get(random.nextInt(words.size())));
    }
    return text.toString();
  }

  private static Parsed parse(ReplyFormat format, ReplyContext.Start start, List<String> pieces) {
    ReplyContext context = new ReplyContext(TOOLS, true, start, new Random(3));
    return Parsed.of(Parsers.of(format, context, ""), pieces);
  }
}
