package dev.nearside.engine.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.chat.ChatRequest;
import dev.nearside.engine.TinyTokenizer;
import dev.nearside.engine.prompt.ChatTemplate;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Replies of many models and what is in them, cut in several ways; see {@link ToolCallRow}. */
class ToolCallCasesTest {
  /** Rows that are not met, by number, each with the reason. */
  private static final Map<Integer, String> KNOWN =
      Map.of(
          7, "white space around thoughts is dropped, also where the model repeats the tag",
          100, "thoughts are not put into a prompt whose template knows none",
          149, "the heading is the prompt's, no thought of the model's",
          159, "Muse's messages are not a format that is supported",
          160, "the same");

  private static final Map<String, Function<String, List<String>>> CUTS =
      Map.of(
          "whole", Pieces::whole,
          "by token", Pieces::tokens,
          "by character", Pieces::characters);

  @Test
  void accept_everyRow_saysWhatIsInTheReply() throws IOException {
    List<String> failures = new ArrayList<>();
    Set<Integer> missed = new TreeSet<>();
    for (ToolCallRow row : ToolCallRow.all()) {
      ChatTemplate template =
          ChatTemplate.parse(row.source(), TinyTokenizer.create(), Clock.systemUTC());
      ChatRequest request = row.request();
      ChatTemplate.Prompt prompt = template.render(request);
      for (Map.Entry<String, Function<String, List<String>>> cut : CUTS.entrySet()) {
        ReplyParser parser = template.parser(request, prompt, new Random(1));
        Parsed got = Parsed.of(parser, cut.getValue().apply(row.input()));
        String difference = row.difference(template, request, prompt, got);
        if (difference != null) {
          missed.add(row.number());
          failures.add(
              "row "
                  + row.number()
                  + " "
                  + row.template()
                  + " "
                  + cut.getKey()
                  + ": "
                  + difference);
        }
      }
    }
    assertEquals(new TreeSet<>(KNOWN.keySet()), missed, () -> String.join("\n", failures));
  }
}
