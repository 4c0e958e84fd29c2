package dev.nearside.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.tokenizer.text.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The merge loop with its cuts, cache and heap gives what the plain definition gives. */
class MergePropertyTest {

  @Test
  void encode_randomMergesAndWords_equalsTheDefinition() {
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      List<String[]> merges = randomMerges(random);
      Map<String, Integer> ids = new HashMap<>();
      for (char c = 'a'; c <= 'f'; c++) {
        ids.put(String.valueOf(c), ids.size());
      }
      merges.forEach(m -> ids.putIfAbsent(m[0] + m[1], ids.size()));
      CharBpe encoder = encoder(merges, ids);
      for (int i = 0; i < 40; i++) {
        String word = randomWord(random, i < 30 ? 20 : 200);
        IntList out = new IntList();
        encoder.encode(word, out);
        assertEquals(naive(word, merges, ids), Arrays.stream(out.toArray()).boxed().toList(), word);
      }
    }
  }

  private static CharBpe encoder(List<String[]> merges, Map<String, Integer> ids) {
    BpeBuilder builder = new BpeBuilder(ids, ids.size(), merges.size(), true);
    merges.forEach(m -> builder.merge(m[0], m[1], m[0] + m[1]));
    return new CharBpe(
        builder.build(), new CharBpe.Options(false, false, false, -1, false, "", ""));
  }

  /** Again and again the first merge of the list that applies anywhere, at its leftmost place. */
  private static List<Integer> naive(String word, List<String[]> merges, Map<String, Integer> ids) {
    List<String> parts = new ArrayList<>(Arrays.asList(word.split("")));
    boolean merged = !word.isEmpty();
    while (merged) {
      merged = false;
      for (String[] merge : merges) {
        for (int i = 0; i + 1 < parts.size() && !merged; i++) {
          if (parts.get(i).equals(merge[0]) && parts.get(i + 1).equals(merge[1])) {
            parts.set(i, merge[0] + merge[1]);
            parts.remove(i + 1);
            merged = true;
          }
        }
        if (merged) {
          break;
        }
      }
    }
    return parts.stream().filter(p -> !p.isEmpty()).map(ids::get).toList();
  }

  private static List<String[]> randomMerges(Random random) {
    List<String> symbols = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f"));
    List<String[]> merges = new ArrayList<>();
    int count = random.nextInt(25);
    for (int i = 0; i < count; i++) {
      String left = symbols.get(random.nextInt(symbols.size()));
      String right = symbols.get(random.nextInt(symbols.size()));
      merges.add(new String[] {left, right});
      symbols.add(left + right);
    }
    return merges;
  }

  private static String randomWord(Random random, int max) {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(max);
    for (int i = 0; i < length; i++) {
      out.append((char) ('a' + random.nextInt(6)));
    }
    return out.toString();
  }
}
