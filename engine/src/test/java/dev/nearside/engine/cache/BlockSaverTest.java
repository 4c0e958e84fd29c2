package dev.nearside.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlockSaverTest {
  private static final PrefixHash HASH = PrefixHash.root("model", "");

  @Test
  void save_errorInTheWriter_restsAndItsBuffersStayGood() throws Exception {
    CountDownLatch isTried = new CountDownLatch(1);
    BlockSaver.Sink full =
        (hash, block) -> {
          throw new OutOfMemoryError("on purpose");
        };
    try (BlockSaver saver = new BlockSaver(full, 64, isTried::countDown)) {
      assertNotNull(saver.buffer());
      MemorySegment first = saver.buffer(1000);
      assertNotNull(first);
      saver.save(HASH, first);
      assertTrue(isTried.await(10, TimeUnit.SECONDS), "the thread lives");
      assertTrue(saver.isResting());
      for (int i = 0; i < 3; i++) {
        MemorySegment buffer = saver.buffer(1000);
        assertNotNull(buffer);
        buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      }
      assertNull(saver.buffer());
    }
  }

  @Test
  void close_afterSaves_waitsUntilAllIsWritten() {
    List<PrefixHash> written = new ArrayList<>();
    try (BlockSaver saver =
        new BlockSaver(
            (hash, block) -> {
              assertEquals(64, block.byteSize());
              written.add(hash);
            },
            64,
            () -> {})) {
      for (int i = 0; i < 4; i++) {
        MemorySegment buffer = saver.buffer();
        assertNotNull(buffer);
        saver.save(HASH, buffer);
      }
    }
    assertEquals(4, written.size());
  }
}
