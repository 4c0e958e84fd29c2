package dev.nearside.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnceTest {
  @Test
  void value_isMadeWhenAskedFor_andOnce() {
    AtomicInteger made = new AtomicInteger();
    Once<Integer> once = Once.of(made::incrementAndGet);
    assertEquals(0, made.get());
    assertEquals(1, once.get());
    assertEquals(1, once.get());
  }

  @Test
  void failure_isTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    Once<String> once =
        Once.of(() -> {
          if (tries.incrementAndGet() == 1) {
            throw new IllegalStateException("not yet");
          }
          return "made";
        });
    assertThrows(IllegalStateException.class, once::get);
    assertEquals("made", once.get());
  }
}
