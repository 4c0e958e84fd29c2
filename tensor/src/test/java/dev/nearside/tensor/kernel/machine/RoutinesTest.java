package dev.nearside.tensor.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.RopeStyle;
import dev.nearside.tensor.kernel.SpecificationKernels;
import dev.nearside.tensor.kernel.TokenCount;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.Workers;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Interpreter;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routines, instruction by instruction, against the specification: on any machine. */
class RoutinesTest {
  private static final int ROWS = 2 * PanelFormat.ROWS;

  private final Arena arena = Arena.ofShared();
  private final Kernels spec = new SpecificationKernels(1);
  private final Workers workers = new Workers(1);
  private final Arguments arguments = new Arguments(1, arena);
  private final Random random = new Random(7);

  @AfterEach
  void close() {
    spec.close();
    workers.close();
    arena.close();
  }

  static Stream<TensorType> types() {
    return CodeReaders.all().stream().map(CodeReader::type);
  }

  private void call(Code routine) {
    new Interpreter().call(routine, arguments.address(0));
  }

  private Floats gaussian(int count, double scale) {
    Floats out = Floats.allocate(arena, count);
    for (int i = 0; i < count; i++) {
      out.set(i, (float) (random.nextGaussian() * scale));
    }
    return out;
  }

  private static void assertSame(Floats expected, Floats got, long count, String what) {
    for (long i = 0; i < count; i++) {
      assertEquals(
          Float.floatToIntBits(expected.get(i)), Float.floatToIntBits(got.get(i)), what + " " + i);
    }
  }

  private Floats anyValues(int count) {
    Floats out = gaussian(count, 10);
    for (int i = 0; i < count; i += 5) {
      out.set(i, Float.intBitsToFloat(random.nextInt()));
    }
    float[] special = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0f, -0f};
    for (int i = 0; i < special.length; i++) {
      out.set(i, special[i]);
    }
    return out;
  }

  private NativeActivations roundedFast(Floats x, int tokens, int cols) {
    NativeActivations out = new NativeActivations(tokens, cols, arena);
    out.shape(new TokenCount(tokens, 0), cols);
    MemorySegment.copy(x.segment(), 0, out.values(), 0, tokens * out.valueRowBytes());
    for (int token = 0; token < tokens; token++) {
      arguments.put(0, RoundingRoutine.VALUES, out.valuesOf(token));
      arguments.put(0, RoundingRoutine.BLOCKS, out.fastBlocksOf(token));
      arguments.put(0, RoundingRoutine.COUNT, out.blocks());
      arguments.put(0, RoundingRoutine.STEP, out.fastStep(token));
      call(RoundingRoutine.fast());
    }
    return out;
  }

  private NativeActivations rounded(Floats x, int tokens, int cols) {
    NativeActivations out = new NativeActivations(tokens, cols, arena);
    out.shape(TokenCount.exact(tokens), cols);
    MemorySegment.copy(x.segment(), 0, out.values(), 0, tokens * out.valueRowBytes());
    arguments.put(0, RoundingRoutine.VALUES, out.valuesOf(0));
    arguments.put(0, RoundingRoutine.BLOCKS, out.blocksOf(0));
    arguments.put(0, RoundingRoutine.COUNT, (long) tokens * out.blocks());
    arguments.put(0, RoundingRoutine.STEP, TokenBlock.BYTES);
    call(RoundingRoutine.exact());
    return out;
  }

  private Floats expectedProduct(
      TensorType type, MemorySegment source, Floats x, TokenCount count, int cols) {
    int tokens = count.all();
    Activations prepared = spec.newActivations(tokens, cols, arena);
    spec.prepare(x, count, cols, prepared);
    Floats expected = Floats.allocate(arena, (long) tokens * ROWS);
    PackedWeights plain = spec.pack(type, source, ROWS, cols, arena);
    spec.matmul(plain, prepared, expected);
    return expected;
  }

  @ParameterizedTest
  @MethodSource("types")
  void codes_everyNumberOfTokens_giveTheSpecificationsBits(TensorType type) {
    int cols = 2 * Math.max(type.blockElems(), 64);
    PanelFormat format = PanelFormat.of(CodeReaders.of(type).orElseThrow());
    for (int each = 1; each <= CodesRoutine.MOST_TOKENS; each++) {
      int tiles = each == CodesRoutine.MOST_TOKENS ? 2 : 1;
      int tokens = tiles * each;
      MemorySegment source = arena.allocate(type.bytes((long) ROWS * cols), 64);
      RandomBlocks.fill(type, source, 0.1, random.nextLong());
      Floats x = gaussian(tokens * cols, 1);
      for (int k = 0; k < 32; k++) {
        x.set(k, 0); // a block of nothing
      }
      NativeActivations rounded = rounded(x, tokens, cols);
      assertEquals(0, arguments.get(0, RoundingRoutine.FAULT));
      MemorySegment panels = arena.allocate(PanelFormat.panels(ROWS) * format.panelBytes(cols), 64);
      PanelPacker.pack(format, source, ROWS, cols, panels, workers);
      Floats out = Floats.allocate(arena, (long) tokens * ROWS);
      product(panels, out);
      arguments.put(0, CodesRoutine.UNITS, cols / format.unitCols());
      arguments.put(0, CodesRoutine.TOKENS, rounded.blocksOf(0));
      arguments.put(0, CodesRoutine.TOKEN_BYTES, rounded.blockRowBytes());
      arguments.put(0, CodesRoutine.TILES, tiles);
      call(CodesRoutine.assemble(format, each));
      Floats expected = expectedProduct(type, source, x, TokenCount.exact(tokens), cols);
      assertSame(expected, out, (long) tokens * ROWS, type + ", " + tokens + " tokens, output");
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void fastCodes_giveTheSpecificationsBits(TensorType type) {
    int tokens = FastRoutine.TURN + 2;
    int cols = 2 * Math.max(type.blockElems(), 64);
    PanelFormat format = PanelFormat.of(CodeReaders.of(type).orElseThrow());
    MemorySegment source = arena.allocate(type.bytes((long) ROWS * cols), 64);
    RandomBlocks.fill(type, source, 0.1, random.nextLong());
    Floats x = gaussian(tokens * cols, 1);
    NativeActivations rounded = roundedFast(x, tokens, cols);
    MemorySegment panels = arena.allocate(PanelFormat.panels(ROWS) * format.panelBytes(cols), 64);
    PanelPacker.pack(format, source, ROWS, cols, panels, workers);
    Floats out = Floats.allocate(arena, (long) tokens * ROWS);
    Floats results = Floats.allocate(arena, 2L * FastRoutine.TURN * PanelFormat.ROWS);
    product(panels, out);
    arguments.put(0, CodesRoutine.UNITS, cols / format.unitCols());
    arguments.put(0, CodesRoutine.TOKENS, rounded.fastBlocksOf(0));
    arguments.put(0, FastRoutine.TURNS, FastRoutine.turns(tokens));
    arguments.put(0, FastRoutine.COUNT, tokens);
    arguments.put(0, FastRoutine.RESULTS, results.segment().address());
    call(FastRoutine.assemble(format));
    Floats expected = expectedProduct(type, source, x, new TokenCount(tokens, 0), cols);
    assertSame(expected, out, (long) tokens * ROWS, type + " in fast numerics, output");
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void floatRows_everyNumberOfTokens_giveTheSpecificationsBits(TensorType type) {
    int cols = 37;
    for (int tokens = 1; tokens <= FloatRoutine.MOST_TOKENS; tokens++) {
      MemorySegment source = arena.allocate(type.bytes((long) ROWS * cols), 64);
      RandomBlocks.fill(type, source, 0.1, random.nextLong());
      Floats x = gaussian(tokens * cols, 1);
      MemorySegment panels =
          arena.allocate(PanelFormat.panels(ROWS) * FloatRoutine.panelBytes(type, cols), 64);
      FloatPacker.pack(type, source, ROWS, cols, panels, workers);
      Floats out = Floats.allocate(arena, (long) tokens * ROWS);
      product(panels, out);
      arguments.put(0, FloatRoutine.COLS, cols);
      arguments.put(0, FloatRoutine.VALUES, x.segment().address());
      arguments.put(0, FloatRoutine.VALUE_BYTES, (long) cols * Float.BYTES);
      call(FloatRoutine.assemble(type, tokens));
      Floats expected = expectedProduct(type, source, x, TokenCount.exact(tokens), cols);
      assertSame(expected, out, (long) tokens * ROWS, type + ", " + tokens + " tokens, output");
    }
  }

  private void product(MemorySegment panels, Floats out) {
    arguments.put(0, CodesRoutine.WEIGHTS, panels.address());
    arguments.put(0, CodesRoutine.PANELS, PanelFormat.panels(ROWS));
    arguments.put(0, CodesRoutine.OUT, out.segment().address());
    arguments.put(0, CodesRoutine.OUT_BYTES, (long) ROWS * Float.BYTES);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void rounding_valueThatIsNotFinite_isAFault(float value) {
    Floats x = gaussian(96, 1);
    x.set(70, value);
    rounded(x, 1, 96);
    assertNotEquals(0, arguments.get(0, RoundingRoutine.FAULT));
  }

  @Test
  void norm_givesTheSpecificationsBits() {
    int dim = 48;
    int rows = 3;
    Floats x = gaussian(rows * dim, 5);
    Floats weight = gaussian(dim, 1);
    Floats expected = Floats.allocate(arena, (long) rows * dim);
    spec.rmsNorm(x, weight, 1e-5f, rows, dim, expected);
    assertSame(expected, normed(NormRoutine.assemble(), x, weight, rows), "norm");
  }

  @Test
  void normWithMean_givesTheSpecificationsBits() {
    int dim = 48;
    int rows = 3;
    Floats x = gaussian(rows * dim, 5);
    Floats weight = gaussian(dim, 1);
    Floats bias = gaussian(dim, 1);
    for (boolean hasBias : new boolean[] {true, false}) {
      Floats expected = Floats.allocate(arena, (long) rows * dim);
      spec.encoder().layerNorm(x, weight, hasBias ? bias : null, 1e-5f, rows, dim, expected);
      arguments.put(0, NormRoutine.BIAS, hasBias ? bias.segment().address() : 0);
      Floats got = normed(NormRoutine.withMean(), x, weight, rows);
      assertSame(expected, got, "norm, bias " + hasBias);
    }
  }

  private Floats normed(Code routine, Floats x, Floats weight, int rows) {
    Floats out = Floats.allocate(arena, x.size());
    long dim = weight.size();
    arguments.put(0, NormRoutine.IN, x.segment().address());
    arguments.put(0, NormRoutine.OUT, out.segment().address());
    arguments.put(0, NormRoutine.WEIGHT, weight.segment().address());
    arguments.put(0, NormRoutine.ROWS, rows);
    arguments.put(0, NormRoutine.ROW_BYTES, dim * Float.BYTES);
    arguments.put(0, NormRoutine.EPS, 1e-5f);
    arguments.put(0, NormRoutine.DIM, (float) dim);
    call(routine);
    return out;
  }

  private static void assertSame(Floats expected, Floats got, String what) {
    assertSame(expected, got, expected.size(), what);
  }

  @ParameterizedTest
  @EnumSource
  void activation_anyValues_givesTheSpecificationsBits(Activation act) {
    Floats x = anyValues(16 * 40);
    Floats expected = Floats.copyOf(arena, x.toArray());
    spec.encoder().activate(act, expected, x.size());
    arguments.put(0, ElementRoutine.X, x.segment().address());
    arguments.put(0, ElementRoutine.COUNT, x.size() / 16);
    call(ElementRoutine.activation(act));
    assertSame(expected, x, act + " of value");
  }

  @ParameterizedTest
  @EnumSource
  void gate_anyValues_givesTheSpecificationsBits(GatedActivation act) {
    int count = 16 * 40;
    Floats gate = anyValues(count);
    Floats up = gaussian(count, 1);
    Floats expected = Floats.allocate(arena, count);
    spec.gated(act, gate, up, count, expected);
    Floats out = Floats.allocate(arena, count);
    arguments.put(0, GateRoutine.GATE, gate.segment().address());
    arguments.put(0, GateRoutine.UP, up.segment().address());
    arguments.put(0, GateRoutine.OUT, out.segment().address());
    arguments.put(0, GateRoutine.COUNT, count / 16);
    call(GateRoutine.assemble(act));
    assertSame(expected, out, count, act + " of value");
  }

  @ParameterizedTest
  @EnumSource
  void rope_givesTheSpecificationsBits(RopeStyle style) {
    int heads = 2;
    int headDim = 80;
    int ropeDim = 64;
    int position = 3;
    Floats table = gaussian((position + 1) * ropeDim, 1);
    Floats x = gaussian(heads * headDim, 1);
    Floats expected = Floats.copyOf(arena, x.toArray());
    TokenRows rows = new TokenRows(1, new int[] {position}, new int[1], new int[1][1]);
    RopeShape shape = new RopeShape(headDim, ropeDim, style);
    spec.rope(expected, rows, heads, shape, table);
    arguments.put(0, RopeRoutine.HEADS, x.segment().address());
    arguments.put(
        0, RopeRoutine.TABLE, table.slice((long) position * ropeDim, 1).segment().address());
    arguments.put(0, RopeRoutine.COUNT, heads);
    call(RopeRoutine.assemble(shape));
    assertSame(expected, x, (long) heads * headDim, style + " of value");
  }

  @Test
  void sum_givesTheSpecificationsBits() {
    Floats x = gaussian(48, 1);
    Floats y = gaussian(48, 1);
    Floats expected = Floats.copyOf(arena, x.toArray());
    spec.addScaled(expected, y, 0.3f, 48);
    arguments.put(0, SumRoutine.X, x.segment().address());
    arguments.put(0, SumRoutine.Y, y.segment().address());
    arguments.put(0, SumRoutine.FACTOR, 0.3f);
    arguments.put(0, SumRoutine.COUNT, 3);
    call(SumRoutine.assemble());
    assertSame(expected, x, 48, "sum");
  }

  @ParameterizedTest
  @CsvSource({
    "16, F16, false",
    "64, F16, false",
    "80, F16, true",
    "48, F32, false",
    "32, Q8_0, false",
    "96, Q8_0, true"
  })
  void attention_tilesOneAfterTheOther_giveTheSpecificationsBits(
      int dim, TensorType type, boolean isCapped) {
    float cap = isCapped ? 0.8f : 0;
    int heads = AttentionRoutine.MOST_QUERIES;
    int position = 64 + 20;
    int window = 70;
    KvLayer kv =
        new KvLayer(
            arena.allocate(2 * type.bytes(64L * dim), 64),
            arena.allocate(2 * type.bytes(64L * dim), 64),
            type,
            1,
            dim);
    int[] positions = new int[position + 1];
    for (int p = 0; p <= position; p++) {
      positions[p] = p;
    }
    int[][] table = {{0, 1}};
    TokenRows all = new TokenRows(positions.length, positions, new int[positions.length], table);
    spec.storeKv(kv, all, gaussian(positions.length * dim, 1), gaussian(positions.length * dim, 1));
    AttentionSpec shape = new AttentionSpec(heads, 1, dim, 0.2f, window, cap, null);
    Floats q = gaussian(heads * dim, 1);
    Floats expected = Floats.allocate(arena, (long) heads * dim);
    TokenRows last = new TokenRows(1, new int[] {position}, new int[1], table);
    spec.attention(shape, kv, last, q, expected);

    Floats out = Floats.allocate(arena, (long) heads * dim);
    MemorySegment states = arena.allocate((long) heads * AttentionRoutine.STATE_BYTES, 64);
    MemorySegment results = arena.allocate((long) heads * dim * Float.BYTES, 64);
    MemorySegment weights = arena.allocate((long) heads * AttentionRoutine.WEIGHT_BYTES, 64);
    for (int tile = 0; tile < 2; tile++) {
      int from = tile == 0 ? position - window + 1 : 0;
      int to = tile == 0 ? 64 : position - 64 + 1;
      arguments.put(0, AttentionRoutine.KEYS, kv.keys().address() + kv.headAt(tile, 0));
      arguments.put(0, AttentionRoutine.VALUES, kv.values().address() + kv.headAt(tile, 0));
      arguments.put(0, AttentionRoutine.QUERIES, q.segment().address());
      arguments.put(0, AttentionRoutine.RESULTS, results.address());
      arguments.put(0, AttentionRoutine.STATES, states.address());
      arguments.put(0, AttentionRoutine.WEIGHTS, weights.address());
      arguments.put(0, AttentionRoutine.FROM, from);
      arguments.put(0, AttentionRoutine.TO, to);
      arguments.put(0, AttentionRoutine.IS_STARTED, tile);
      arguments.put(0, AttentionRoutine.SCALE, 0.2f);
      arguments.put(0, AttentionRoutine.HIDDEN, MachineAttention.hidden(from, to));
      arguments.put(0, AttentionRoutine.CAP, cap);
      call(AttentionRoutine.assemble(new AttentionRoutine.Shape(dim, type, isCapped), heads));
    }
    arguments.put(0, AttentionEnd.RESULTS, results.address());
    arguments.put(0, AttentionEnd.STATES, states.address());
    arguments.put(0, AttentionEnd.OUT, out.segment().address());
    arguments.put(0, AttentionEnd.COUNT, heads);
    call(AttentionEnd.assemble(dim));
    assertSame(expected, out, (long) heads * dim, "attention of width " + dim);
  }

  @Test
  void store_givesTheSpecificationsBytes() {
    int dim = 48;
    int heads = 2;
    int position = 64 + 5;
    long bytes = TensorType.F16.bytes(2L * 64 * heads * dim);
    KvLayer expected =
        new KvLayer(arena.allocate(bytes), arena.allocate(bytes), TensorType.F16, heads, dim);
    KvLayer got =
        new KvLayer(arena.allocate(bytes), arena.allocate(bytes), TensorType.F16, heads, dim);
    TokenRows rows = new TokenRows(1, new int[] {position}, new int[1], new int[][] {{0, 1}});
    Floats keys = gaussian(heads * dim, 1e-3);
    Floats values = gaussian(heads * dim, 100);
    spec.storeKv(expected, rows, keys, values);
    arguments.put(0, StoreRoutine.KEYS, keys.segment().address());
    arguments.put(0, StoreRoutine.VALUES, values.segment().address());
    arguments.put(0, StoreRoutine.KEYS_OUT, got.keys().address() + got.headAt(1, 0) + 5 * 2);
    arguments.put(
        0, StoreRoutine.VALUES_OUT, got.values().address() + got.headAt(1, 0) + 5L * dim * 2);
    arguments.put(0, StoreRoutine.COUNT, heads);
    call(StoreRoutine.assemble(dim));
    assertEquals(-1, expected.keys().mismatch(got.keys()), "keys");
    assertEquals(-1, expected.values().mismatch(got.values()), "values");
  }

  @Test
  void cap_givesTheSpecificationsBits() {
    Floats x = gaussian(64, 3);
    x.set(1, 0f);
    x.set(2, -0f);
    x.set(3, Float.NaN);
    x.set(4, Float.NEGATIVE_INFINITY);
    x.set(5, 1.25f); // 0.625 of the cap: where the polynomial ends
    Floats expected = Floats.copyOf(arena, x.toArray());
    spec.softCap(expected, 2f, 64);
    arguments.put(0, ElementRoutine.X, x.segment().address());
    arguments.put(0, ElementRoutine.COUNT, 4);
    arguments.put(0, ElementRoutine.CAP, 2f);
    call(ElementRoutine.cap());
    assertSame(expected, x, 64, "capped");
  }
}
