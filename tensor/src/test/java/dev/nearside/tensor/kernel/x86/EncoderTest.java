package dev.nearside.tensor.kernel.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The bytes of instructions are those of GNU as: see src/test/x86/goldens.sh. */
class EncoderTest {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  @Test
  void encode_everyInstruction_isWhatGnuAsAssembles() throws IOException {
    Map<String, String> goldens = goldens();
    List<String> wrong = new ArrayList<>();
    for (Instruction i : Samples.all()) {
      String line = Samples.line(i);
      Encoder encoder = new Encoder();
      encoder.encode(i);
      String bytes = HEX.formatHex(encoder.bytes());
      if (!bytes.equals(goldens.get(line))) {
        wrong.add(line + ": " + bytes + ", GNU as: " + goldens.get(line));
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void encode_routine_isWhatGnuAsAssembles() {
    Assembler a = new Assembler();
    Label end = new Label("end");
    a.mov(Gpr.RAX, 0);
    Label loop = a.here("loop");
    a.cmp(Gpr.RDI, 4);
    a.jl(end);
    a.vmovups(Vec.zmm(1), a.constant("c", 1, 2, 3));
    a.vpternlogd(Vec.zmm(1), Vec.zmm(2), a.constant("d", 1f).broadcast(), 0x96);
    a.sub(Gpr.RDI, 1);
    a.jne(loop);
    a.jmp(loop);
    a.bind(end);
    a.ret();
    // as --64 of the same in Intel's syntax with {disp32} jumps; constants follow at multiples of
    // 64
    String expected =
        "48C7C000000000"
            + "4883FF04"
            + "0F8C24000000"
            + "62F17C48100D25000000"
            + "62F36D58250D5A00000096"
            + "4883EF01"
            + "0F85D7FFFFFF"
            + "E9D2FFFFFF"
            + "C3";
    String code = HEX.formatHex(a.finish().bytes());
    assertEquals(expected, code.substring(0, expected.length()));
    assertEquals("010000000200000003000000", code.substring(128, 152));
    assertEquals("0000803F", code.substring(256));
  }

  @Test
  void encode_whatTheCpuHasNot_isRefused() {
    assertRefused(Instruction.of(Op.VPAND, Vec.ymm(1), Vec.ymm(16), Vec.ymm(2)));
    assertRefused(Instruction.of(Op.VPMADDWD, Vec.zmm(1), Vec.zmm(1), Mem.at(Gpr.RAX).broadcast()));
    assertRefused(Instruction.of(Op.VPSLLD, Vec.zmm(1), Vec.zmm(1), new Imm(256)));
    assertRefused(Instruction.of(Op.ADD_IMM, Gpr.RAX, new Imm(1L << 31)));
    assertThrows(IllegalArgumentException.class, () -> Mem.at(Gpr.RAX, Gpr.RSP, 1, 0));
    Assembler a = new Assembler();
    a.jmp(new Label("nowhere"));
    assertThrows(IllegalStateException.class, a::finish);
  }

  private static void assertRefused(Instruction i) {
    assertThrows(IllegalArgumentException.class, () -> new Encoder().encode(i), i::toString);
  }

  private static Map<String, String> goldens() throws IOException {
    Map<String, String> out = new LinkedHashMap<>();
    try (var in =
        Objects.requireNonNull(EncoderTest.class.getResourceAsStream("/x86/goldens.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", 2))
          .forEach(pair -> out.put(pair[0], pair[1]));
    }
    return out;
  }
}
