package dev.nearside.format.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import java.lang.foreign.MemorySegment;

/**
 * Any bytes are a header or a {@link FormatException}. As a plain test it runs its inputs; {@code
 * JAZZER_FUZZ=1 mvn -pl format -am test -Dtest=GgufFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false} looks for new ones.
 */
class GgufFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void parse_anyBytes_isHeaderOrFormatException(byte[] bytes) {
    try {
      GgufHeader header = HeaderParser.parse(MemorySegment.ofArray(bytes), 0);
      assertEquals(header.metadata().keys().size(), header.metadata().asMap().size());
      for (TensorInfo tensor : header.tensors()) {
        assertTrue(tensor.bytes() >= 0 && tensor.offset() >= header.dataOffset());
        assertEquals(tensor.elems(), tensor.rows() * tensor.cols());
        assertTrue(tensor.offset() + tensor.bytes() <= header.endOfData());
      }
    } catch (FormatException e) {
      assertEquals(e.fault().message(), e.getMessage());
    }
  }
}
