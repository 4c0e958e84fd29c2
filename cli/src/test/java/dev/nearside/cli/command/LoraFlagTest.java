package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.engine.AdapterFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class LoraFlagTest {
  private final LoraFlag flag = new LoraFlag();

  @Test
  void convert_withAndWithoutScale_splitsAtTheLastNumber() {
    assertEquals(new AdapterFile("a.gguf", Path.of("a.gguf"), 1), flag.convert("a.gguf"));
    assertEquals(new AdapterFile("a.gguf", Path.of("a.gguf"), -0.5f), flag.convert("a.gguf=-0.5"));
    assertEquals(new AdapterFile("a=b", Path.of("a=b"), 1), flag.convert("a=b"));
    assertEquals(new AdapterFile("a=b", Path.of("a=b"), 2), flag.convert("a=b=2"));
  }

  @Test
  void convert_scaleThatIsNoNumber_isAUsageError() {
    assertThrows(TypeConversionException.class, () -> flag.convert("a.gguf=NaN"));
  }
}
