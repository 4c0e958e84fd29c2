package dev.nearside.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextIndexTest {
  @Test
  void randomTexts_areFoundAsInAMap() {
    Random random = new Random(5);
    for (int count : new int[] {0, 1, 2, 3, 1000, 4096}) {
      String[] texts = new String[count];
      Map<String, Integer> expected = new HashMap<>();
      for (int id = 0; id < count; id++) {
        texts[id] = Integer.toString(random.nextInt(2 * count), 36); // some of them twice
        if (id % 3 != 0) {
          expected.put(texts[id], id);
        }
      }
      TextIndex index = new TextIndex(texts, id -> id % 3 != 0);
      assertEquals(expected, index);
      for (int i = 0; i < 2 * count; i++) {
        String text = Integer.toString(i, 36);
        assertEquals(expected.get(text), index.get(text));
        assertEquals(expected.containsKey(text), index.containsKey(text));
      }
    }
  }

  @Test
  void idsThatAreLeftOut_areNotFound() {
    TextIndex index = new TextIndex(new String[] {"a", "b", "a"}, id -> id == 0);
    assertEquals(Map.of("a", 0), index);
    assertNull(index.get("b"));
  }

  /** A hostile vocabulary must not take a time that grows with its square. */
  @Test
  void textsOfOneHashCode_areFoundAll() {
    int bits = 16;
    String[] texts = new String[1 << bits];
    for (int id = 0; id < texts.length; id++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < bits; bit++) {
        text.append(((id >> bit) & 1) == 0 ? "Aa" : "BB");
      }
      texts[id] = text.toString();
    }
    TextIndex index = new TextIndex(texts, id -> true);
    assertEquals(texts.length, index.size());
    for (int id = 0; id < texts.length; id += 97) {
      assertEquals(id, index.get(texts[id]));
    }
  }
}
