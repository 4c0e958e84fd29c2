package dev.nearside.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.FakeModel;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KvCacheTest {
  private static final int BLOCK = KvStore.BLOCK;

  /** A sequence that stores each token in its place, as a model stores keys. */
  private static final class Writer {
    final KvStore store;
    final KvCache cache;
    final BlockTable table;
    final int[] tokens;
    int computed;

    Writer(KvStore store, KvCache cache, String key, int[] tokens) {
      this.store = store;
      this.cache = cache;
      this.table = cache.open(key);
      this.tokens = tokens;
      adopt();
    }

    void adopt() {
      computed = cache.adopt(table, tokens, computed, tokens.length - 1);
      for (int p = 0; p < computed; p++) {
        assertEquals(tokens[p], read(p), "position " + p);
      }
    }

    boolean compute(int count) {
      if (!cache.reserve(table, computed + count)) {
        return false;
      }
      for (int i = 0; i < count; i++, computed++) {
        FakeModel.write(
            store, table.blocks()[computed / BLOCK], computed % BLOCK, tokens[computed]);
      }
      cache.publish(table, tokens, computed);
      return true;
    }

    int read(int position) {
      return FakeModel.read(store, table.blocks()[position / BLOCK], position % BLOCK);
    }

    void keep() {
      cache.keep(table, tokens, computed);
    }
  }

  private final KvStore store = new KvStore(List.of(new KvStore.Shape(1, 1)), TensorType.F32, 1);

  @Test
  void publish_whileItRuns_anotherSharesItsBlocks() {
    KvCache cache = new KvCache(store, 10);
    int[] tokens = tokens(300, 1);
    Writer a = new Writer(store, cache, "", tokens);
    assertTrue(a.compute(200));
    Writer b = new Writer(store, cache, "", tokens);
    assertEquals(3 * BLOCK, b.computed);
    assertTrue(b.compute(1));
    assertEquals(5, cache.inUse(), "three shared, one of each");
    assertTrue(b.compute(BLOCK));
    assertTrue(a.compute(60));
    assertEquals(6, cache.inUse(), "the fourth is shared afterwards");
    a.keep();
    b.keep();
    assertEquals(0, cache.inUse());
    assertEquals(5, cache.kept());
  }

  @Test
  void keep_partOfABlock_isCopiedForTheNext() {
    KvCache cache = new KvCache(store, 10);
    int[] tokens = tokens(100, 1);
    Writer a = new Writer(store, cache, "", tokens);
    assertTrue(a.compute(90));
    a.keep();
    assertEquals(2, cache.kept());
    int[] changed = tokens.clone();
    changed[80] = -1;
    Writer b = new Writer(store, cache, "", changed);
    assertEquals(80, b.computed);
    assertTrue(b.compute(19));
    Writer c = new Writer(store, cache, "", tokens);
    assertEquals(90, c.computed, "what b wrote is not in it");
    assertTrue(c.compute(10));
    c.keep();
    b.keep();
    assertEquals(3, cache.kept(), "the longer part replaced the shorter");
  }

  @Test
  void reserve_noneFree_dropsTheLeastRecentLeafFirst() {
    KvCache cache = new KvCache(store, 6);
    Writer old = new Writer(store, cache, "", tokens(3 * BLOCK, 1));
    assertTrue(old.compute(3 * BLOCK));
    old.keep();
    Writer recent = new Writer(store, cache, "", tokens(3 * BLOCK + 1, 2));
    assertTrue(recent.compute(3 * BLOCK));
    recent.keep();
    Writer next = new Writer(store, cache, "", tokens(2 * BLOCK, 3));
    assertTrue(next.compute(2 * BLOCK));
    assertEquals(4, cache.kept());
    Writer again = new Writer(store, cache, "", tokens(3 * BLOCK, 1));
    assertEquals(BLOCK, again.computed, "its end is gone, its start is there");
    assertEquals(3 * BLOCK, new Writer(store, cache, "", tokens(3 * BLOCK + 1, 2)).computed);
  }

  @Test
  void reserve_allInUse_changesNothing() {
    KvCache cache = new KvCache(store, 3);
    Writer a = new Writer(store, cache, "", tokens(200, 1));
    assertTrue(a.compute(130));
    Writer b = new Writer(store, cache, "", tokens(200, 2));
    assertFalse(b.compute(1));
    assertEquals(3, cache.inUse());
    a.keep();
    assertTrue(b.compute(1));
  }

  @Test
  void operations_anyOrder_keepTheBooksRight() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      KvCache cache = new KvCache(store, 20 + random.nextInt(20));
      List<Writer> running = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        step(cache, running, random);
        int held =
            (int)
                running.stream()
                    .flatMapToInt(w -> Arrays.stream(w.table.blocks(), 0, w.table.size()))
                    .distinct()
                    .count();
        assertEquals(held, cache.inUse(), "seed " + seed + ", step " + i);
        assertTrue(cache.available() >= 0 && cache.kept() <= cache.available());
      }
      running.forEach(w -> cache.drop(w.table));
      assertEquals(0, cache.inUse());
      cache.clear();
      assertEquals(0, cache.kept());
      assertEquals(cache.capacity(), cache.available());
    }
  }

  private void step(KvCache cache, List<Writer> running, Random random) {
    switch (random.nextInt(5)) {
      case 0 -> {
        // Starts that are alike up to a random place.
        int[] tokens = tokens(1 + random.nextInt(500), random.nextInt(2));
        int from = random.nextInt(tokens.length);
        for (int i = from; random.nextBoolean() && i < tokens.length; i++) {
          tokens[i] += 1;
        }
        running.add(new Writer(store, cache, "key" + random.nextInt(2), tokens));
      }
      case 1, 2, 3 -> {
        if (!running.isEmpty()) {
          Writer w = running.get(random.nextInt(running.size()));
          w.adopt();
          int left = w.tokens.length - w.computed;
          if (left > 0 && !w.compute(1 + random.nextInt(left))) {
            running.remove(w);
            w.keep();
          }
          for (int p = 0; p < w.computed && running.contains(w); p++) {
            assertEquals(w.tokens[p], w.read(p));
          }
        }
      }
      default -> {
        if (!running.isEmpty()) {
          Writer w = running.remove(random.nextInt(running.size()));
          if (random.nextBoolean()) {
            w.keep();
          } else {
            cache.drop(w.table);
          }
        }
      }
    }
  }

  private static int[] tokens(int count, int seed) {
    return IntStream.range(0, count).map(i -> 1 + (i * 7 + seed * 13) % 97).toArray();
  }
}
