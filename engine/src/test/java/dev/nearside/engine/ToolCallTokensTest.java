package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.engine.parse.Parsed;
import dev.nearside.engine.parse.ToolCallRow;
import dev.nearside.engine.prompt.ChatTemplate;
import dev.nearside.engine.schedule.Rings;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The replies of {@link ToolCallRow} as an engine sees them: ids of a published vocabulary, the
 * family's markers among them as tokens of their own, turned into text one by one.
 */
class ToolCallTokensTest {
  /** What vocabularies have as one token: what stands between bars or in brackets, and tags. */
  private static final Pattern MARKER =
      Pattern.compile(
          "<[|｜][^<>\\s]*[|｜]>|\\[/?[A-Z_]{3,}]|</?(\\w+:)?[a-z_]*(think|tool|arg)[a-z_]*>");

  /** Rows that are not met in one piece either; why, says {@code ToolCallCasesTest}. */
  private static final Set<Integer> KNOWN = Set.of(7, 100, 149, 159, 160);

  /** A row's text as ids. */
  private interface Cut {
    int[] ids(Tokenizer tokenizer, String text);
  }

  @Test
  void run_markersAreControlTokens_saysWhatIsInTheReply() throws Exception {
    check(RealVocabularies.shared("gpt-2"), RealVocabularies.CONTROL, ToolCallTokensTest::encoded);
  }

  @Test
  void run_markersAreOrdinaryTokens_saysWhatIsInTheReply() throws Exception {
    check(
        RealVocabularies.shared("gpt-2"),
        RealVocabularies.USER_DEFINED,
        ToolCallTokensTest::encoded);
  }

  @Test
  void run_sentencePieces_saysWhatIsInTheReply() throws Exception {
    check(RealVocabularies.shared("llama-spm"), RealVocabularies.CONTROL, new LongestFirst());
  }

  private static void check(TokenizerSpec spec, int kind, Cut cut) throws Exception {
    List<String> failures = new ArrayList<>();
    Set<Integer> missed = new TreeSet<>();
    Map<String, Tokenizer> tokenizers = new HashMap<>();
    long ids = 0;
    for (ToolCallRow row : ToolCallRow.all()) {
      Set<String> markers = markers(row.source());
      Tokenizer tokenizer =
          tokenizers.computeIfAbsent(
              row.template(), name -> RealVocabularies.with(spec, markers, kind));
      int[] reply = cut.ids(tokenizer, row.input());
      ids += reply.length;
      String difference = difference(row, tokenizer, reply);
      if (difference != null) {
        missed.add(row.number());
        failures.add("row " + row.number() + " " + row.template() + ": " + difference);
      }
    }
    assertTrue(ids > 5_000, ids + " tokens");
    assertEquals(KNOWN, missed, () -> String.join("\n", failures));
  }

  private static Set<String> markers(String template) {
    return MARKER
        .matcher(template)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static @Nullable String difference(ToolCallRow row, Tokenizer tokenizer, int[] reply)
      throws Exception {
    ChatTemplate template = ChatTemplate.parse(row.source(), tokenizer, Clock.systemUTC());
    ChatRequest request = row.request();
    ChatTemplate.Prompt prompt = template.render(request);
    List<ChatEvent> events = new ArrayList<>();
    Reply sink = new Reply(List.of(), template.parser(request, prompt, new Random(1)), events::add);
    Set<Integer> shown = template.shownTokens(request);
    boolean goesOn = LocalEngine.goesOn(prompt);
    new ReplyStream(tokenizer, Rings.ended(reply), null, sink, shown, goesOn).run();
    return row.difference(template, request, prompt, Parsed.of(events));
  }

  private static int[] encoded(Tokenizer tokenizer, String text) {
    return tokenizer.encode(text, EncodeOptions.TEMPLATE);
  }

  /** The longest token that fits, again and again: a model may well write so. */
  private static final class LongestFirst implements Cut {
    private final Map<Tokenizer, Map<String, Integer>> known = new HashMap<>();

    @Override
    public int[] ids(Tokenizer tokenizer, String text) {
      Map<String, Integer> tokens = known.computeIfAbsent(tokenizer, LongestFirst::tokens);
      String bytes = latin(text.getBytes(StandardCharsets.UTF_8));
      List<Integer> ids = new ArrayList<>();
      for (int at = 0; at < bytes.length(); ) {
        int end = Math.min(bytes.length(), at + 48);
        while (!tokens.containsKey(bytes.substring(at, end))) {
          end--;
        }
        ids.add(tokens.get(bytes.substring(at, end)));
        at = end;
      }
      return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Map<String, Integer> tokens(Tokenizer tokenizer) {
      Map<String, Integer> tokens = new HashMap<>();
      IntStream.range(0, tokenizer.vocabSize())
          .filter(id -> !tokenizer.specials().isEndOfGeneration(id))
          .forEach(id -> {
            boolean isHidden = tokenizer.kind(id).isHidden();
            byte[] bytes =
                isHidden
                    ? tokenizer.tokenText(id).getBytes(StandardCharsets.UTF_8)
                    : tokenizer.tokenBytes(id);
            tokens.putIfAbsent(latin(bytes), id);
          });
      return tokens;
    }

    // A character per byte.
    private static String latin(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
