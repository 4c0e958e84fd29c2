package dev.nearside.tensor.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuTest {
  private static final Path INFO = Path.of("/proc/cpuinfo");

  /** The kernel's own list of what it found and allows. */
  @Test
  void here_onLinux_isWhatTheSystemSays() throws IOException {
    assumeTrue(Files.exists(INFO) && System.getProperty("os.arch").equals("amd64"), "x86 Linux");
    List<String> flags =
        Files.readAllLines(INFO).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> Arrays.asList(line.split(" ")))
            .orElseThrow();
    Cpu cpu = Cpu.here();
    assertEquals(flags.containsAll(List.of("avx2", "fma", "f16c")), cpu.avx2());
    assertEquals(
        flags.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl")), cpu.avx512());
    assertEquals(flags.contains("avx512_vnni"), cpu.vnni());
    assertEquals(flags.contains("avx512_bf16"), cpu.bf16());
    assertEquals(flags.containsAll(List.of("amx_tile", "amx_int8", "amx_bf16")), cpu.amx());
  }

  @Test
  void masked_olderKind_hasNoMoreThanThat() {
    Cpu all = new Cpu(true, true, true, true, true);
    assertEquals(all, all.masked("amx"));
    assertFalse(all.masked("avx512").amx());
    assertEquals(new Cpu(true, false, false, false, false), all.masked("AVX2"));
    assertThrows(MachineException.class, () -> all.masked("sse"));
  }
}
