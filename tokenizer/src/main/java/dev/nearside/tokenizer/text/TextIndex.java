package dev.nearside.tokenizer.text;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Ids by text; of two with one text the higher counts. An array of ids and the texts that are there
 * anyway: a map of entries takes twelve times the memory, 10 MB for a vocabulary of 128,000, and
 * longer to make.
 */
public final class TextIndex extends AbstractMap<String, Integer> {
  /** Texts whose hash codes crowd one place, as only a hostile file has them, go to a map. */
  private static final int MOST_STEPS = 64;

  private final String[] texts;
  private final int[] slots; // id + 1, 0 = free; a power of two of them
  private final Map<String, Integer> crowded = new HashMap<>();
  private int size;

  /**
   * @param texts by id; not copied
   * @param isIn which ids can be found
   */
  public TextIndex(String[] texts, IntPredicate isIn) {
    this.texts = texts;
    this.slots = new int[Integer.highestOneBit(Math.max(1, texts.length)) * 4];
    for (int id = 0; id < texts.length; id++) {
      if (isIn.test(id)) {
        add(id);
      }
    }
  }

  private void add(int id) {
    String text = texts[id];
    int slot = slot(text);
    if (slot < 0) {
      size += crowded.put(text, id) == null ? 1 : 0;
    } else {
      size += slots[slot] == 0 ? 1 : 0;
      slots[slot] = id + 1;
    }
  }

  // Where the text is or would be; negative when only the map has room.
  private int slot(String text) {
    int mask = slots.length - 1;
    int hash = text.hashCode();
    int slot = (hash ^ (hash >>> 16)) & mask;
    for (int step = 0; step < MOST_STEPS && step < slots.length; step++) {
      int held = slots[slot];
      if (held == 0 || texts[held - 1].equals(text)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  @Override
  public @Nullable Integer get(@Nullable Object key) {
    if (!(key instanceof String text)) {
      return null;
    }
    int slot = slot(text);
    if (slot < 0) {
      return crowded.get(text);
    }
    return slots[slot] == 0 ? null : slots[slot] - 1;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Set<Map.Entry<String, Integer>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, Integer>> iterator() {
        return entries().iterator();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  // For whoever goes through all of them, once: nothing is kept.
  private List<Map.Entry<String, Integer>> entries() {
    List<Map.Entry<String, Integer>> all = new ArrayList<>(size);
    for (int held : slots) {
      if (held != 0) {
        all.add(Map.entry(texts[held - 1], held - 1));
      }
    }
    all.addAll(crowded.entrySet());
    return all;
  }
}
