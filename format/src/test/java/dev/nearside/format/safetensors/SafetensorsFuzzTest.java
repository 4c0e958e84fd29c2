package dev.nearside.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearside.format.FormatException;
import java.lang.foreign.MemorySegment;

/**
 * Any bytes are a header that covers the file, or a {@link FormatException}. As a plain test it
 * runs its inputs; {@code JAZZER_FUZZ=1 mvn -pl format -am test -Dtest=SafetensorsFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false} looks for new ones.
 */
class SafetensorsFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void parse_anyBytes_coversFileOrFormatException(byte[] bytes) {
    try {
      Header header = Header.parse(MemorySegment.ofArray(bytes));
      if (!header.tensors().isEmpty()) {
        assertEquals(bytes.length, header.tensors().getLast().end());
      }
    } catch (FormatException e) {
      assertEquals(e.fault().message(), e.getMessage());
    }
  }
}
