package dev.nearside.model.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.ModelException;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class QuantMixTest {
  /** {@code types.txt} was written by model/src/test/golden/synth/make_types.py. */
  @Test
  void typeFor_everyShapeAndTypeOfTheGoldenFile_isWhatLlamaCppChooses() throws IOException {
    List<String> lines = golden().lines().toList();
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      SynthShape shape = SynthShapes.of(words[0]);
      List<TensorType> own = types(shape, QuantMix.of(words[1]), words[2]);
      assertEquals(expand(words[3]), own, line);
    }
    assertTrue(lines.size() > 1000, () -> "the golden file has only " + lines.size() + " lines");
  }

  @Test
  void of_nameInAnyCaseOrAlias_isFound() {
    assertEquals("Q4_K_M", QuantMix.of("q4_k").name());
    assertEquals(TensorType.MXFP4, QuantMix.of("mxfp4_moe").base());
    assertEquals(TensorType.IQ3_S, QuantMix.of("iq3_s").base());
  }

  @Test
  void of_everyListedName_isFound() {
    QuantMix.names().forEach(name -> assertEquals(name, QuantMix.of(name).name()));
  }

  @Test
  void of_unknownName_saysWhichThereAre() {
    for (String name : List.of("Q4_K_XL", "I32", "Q8_K", "")) {
      ModelException e = assertThrows(ModelException.class, () -> QuantMix.of(name));
      assertTrue(String.valueOf(e.getMessage()).contains("Q4_K_M"), e::getMessage);
    }
  }

  private static List<TensorType> types(SynthShape shape, QuantMix mix, String kind) {
    SynthShape.Size size = shape.size();
    QuantMix.Model model =
        new QuantMix.Model(size.layers(), size.heads() / size.kvHeads(), shape.isTied());
    List<TensorType> out = new ArrayList<>();
    for (SynthTensor tensor : SynthTensors.of(shape)) {
      if (tensor.name().replaceFirst("^blk\\.\\d+\\.", "").equals(kind)) {
        out.add(mix.typeFor(tensor, model));
      }
    }
    return out;
  }

  private static List<TensorType> expand(String runs) {
    List<TensorType> out = new ArrayList<>();
    for (String run : runs.split(" ")) {
      String[] parts = run.split("\\*");
      for (int i = 0; i < Integer.parseInt(parts[1]); i++) {
        out.add(TensorType.valueOf(parts[0]));
      }
    }
    return out;
  }

  private static String golden() throws IOException {
    try (InputStream in = QuantMixTest.class.getResourceAsStream("types.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void all_fileTypes_areNotShared() {
    Map<Integer, String> seen = new LinkedHashMap<>();
    for (QuantMix mix : QuantMix.all()) {
      assertEquals(null, seen.put(mix.fileType(), mix.name()), mix.name());
    }
  }
}
