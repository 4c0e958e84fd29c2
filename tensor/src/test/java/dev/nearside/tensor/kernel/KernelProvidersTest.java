package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice of a provider, and what every provider refuses. */
class KernelProvidersTest {
  static java.util.List<String> providers() {
    java.util.List<String> names = new java.util.ArrayList<>(Providers.fast());
    names.add("scalar");
    return names;
  }

  @Test
  void choose_nothingAsked_takesMachineCodeOrVectors_andSaysWhy() {
    KernelProviders.Choice choice = KernelProviders.choose(null, 2);
    try (Kernels kernels = choice.kernels()) {
      boolean hasMachineCode = KernelProviders.hasMachineCode();
      assertEquals(hasMachineCode ? "machine" : "vector", kernels.name());
      assertEquals(2, kernels.threads());
      String reason = choice.reason();
      assertTrue(reason.contains(hasMachineCode ? "fastest" : "no machine code"), reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"specification", "scalar", "vector", "reference", "SCALAR"})
  void choose_name_opensIt(String name) {
    try (Kernels kernels = KernelProviders.choose(name, 1).kernels()) {
      assertTrue(kernels.name().equalsIgnoreCase(name));
    }
  }

  /** Guards the agreement tests: they are worth nothing if all run at one vector size. */
  @Test
  void providersUnderTest_eachName_hasItsOwnVectorSize() throws ReflectiveOperationException {
    for (String name : Providers.fast().stream().filter(n -> n.startsWith("vector")).toList()) {
      try (Kernels kernels = Providers.open(name, 1)) {
        Object bits = kernels.getClass().getMethod("vectorBits").invoke(null);
        assertEquals("vector" + bits, name);
      }
    }
  }

  @Test
  void choose_unknownOrMissing_throws() {
    assertThrows(TensorException.class, () -> KernelProviders.choose("gpu", 1));
    assertThrows(TensorException.class, () -> KernelProviders.choose("scalar", -1));
  }

  @Test
  void choose_machine_isThereOrSaysWhyNot() {
    if (KernelProviders.hasMachineCode()) {
      try (Kernels kernels = KernelProviders.choose("machine", 2).kernels()) {
        assertEquals("machine", kernels.name());
      }
    } else {
      TensorException e =
          assertThrows(TensorException.class, () -> KernelProviders.choose("machine", 1));
      assertFalse(e.fault().message().isBlank());
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void pack_badWeights_throws(String provider) {
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Providers.open(provider, 2)) {
      MemorySegment some = arena.allocate(18 * 8);
      assertThrows(
          TensorException.class, () -> kernels.pack(TensorType.Q4_0, some, 8, 64, arena), "short");
      assertThrows(
          TensorException.class, () -> kernels.pack(TensorType.Q4_0, some, 1, 33, arena), "width");
      assertThrows(
          TensorException.class, () -> kernels.pack(TensorType.Q4_0, some, 0, 32, arena), "rows");
      assertThrows(
          TensorException.class, () -> kernels.pack(TensorType.I32, some, 1, 1, arena), "type");
      some.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 18 * 5 + 1, (byte) 0x7C);
      assertThrows(
          TensorException.class, () -> kernels.pack(TensorType.Q4_0, some, 8, 32, arena), "inf");
      MemorySegment floats = arena.allocate(64);
      floats.set(Floats.LAYOUT, 60, Float.NaN);
      assertThrows(
          TensorException.class, () -> kernels.pack(TensorType.F32, floats, 2, 8, arena), "NaN");
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void matmul_shapesThatDiffer_throws(String provider) {
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Providers.open(provider, 1)) {
      PackedWeights w = kernels.pack(TensorType.Q4_0, arena.allocate(18 * 4), 4, 32, arena);
      Activations x = kernels.newActivations(2, 64, arena);
      kernels.prepare(Floats.allocate(arena, 64), 2, 32, x);
      Floats tooSmall = Floats.allocate(arena, 7);
      assertThrows(TensorException.class, () -> kernels.matmul(w, x, tooSmall));
      kernels.prepare(Floats.allocate(arena, 64), 1, 64, x);
      Floats out = Floats.allocate(arena, 8);
      assertThrows(TensorException.class, () -> kernels.matmul(w, x, out));
      Floats input = Floats.allocate(arena, 192);
      assertThrows(TensorException.class, () -> kernels.prepare(input, 3, 64, x));
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void gather_someRows_multipliesLikeThoseRows(String provider) {
    Random random = new Random(3);
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Providers.open(provider, 2)) {
      for (TensorType type : new TensorType[] {TensorType.Q4_1, TensorType.F16}) {
        int cols = 96;
        int rows = 40;
        MemorySegment source =
            TestData.weights(arena, type, rows, cols, TestData.Fill.ORDINARY, random);
        PackedWeights w = kernels.pack(type, source, rows, cols, arena);
        Activations all = kernels.newActivations(9, cols, arena);
        kernels.prepare(Floats.copyOf(arena, TestData.activations(9 * cols, random)), 9, cols, all);
        Activations some = kernels.newActivations(4, cols, arena);
        Floats whole = Floats.allocate(arena, 9L * rows);
        Floats part = Floats.allocate(arena, 3L * rows);
        kernels.matmul(w, all, whole);
        int[] chosen = {8, 0, 5};
        kernels.gather(all, chosen, 3, some);
        kernels.matmul(w, some, part);
        for (int i = 0; i < 3; i++) {
          TestData.assertSameBits(
              whole.slice((long) chosen[i] * rows, rows).toArray(),
              part.slice((long) i * rows, rows).toArray(),
              type + " row " + chosen[i]);
        }
        assertThrows(TensorException.class, () -> kernels.gather(all, new int[] {9}, 1, some));
      }
    }
  }

  @Test
  void reference_everyFormat_isCloseToExact() {
    Random random = new Random(4);
    for (TensorType type : new TensorType[] {TensorType.Q4_K, TensorType.Q6_K, TensorType.F16}) {
      try (Arena arena = Arena.ofShared();
          Kernels exact = new ScalarKernels(1);
          Kernels reference = new ReferenceKernels(2)) {
        MemorySegment w = TestData.weights(arena, type, 9, 512, TestData.Fill.ORDINARY, random);
        float[] x = TestData.gaussian(2 * 512, 1, random);
        float[] a = MatmulAgreementTest.product(exact, type, w, 9, 512, 2, x, arena);
        float[] b = MatmulAgreementTest.product(reference, type, w, 9, 512, 2, x, arena);
        double norm = 0;
        double error = 0;
        for (int i = 0; i < a.length; i++) {
          norm += (double) b[i] * b[i];
          error += ((double) a[i] - b[i]) * (a[i] - b[i]);
        }
        assertTrue(error <= 1e-6 * norm, type + " error " + Math.sqrt(error / norm));
      }
    }
  }
}
