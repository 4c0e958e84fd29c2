package dev.nearside.tensor.kernel.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Instructions, labels and constants of a routine that is being written. */
abstract sealed class Listing permits GeneralInstructions {
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<Label, Integer> labels = new LinkedHashMap<>();
  private final Map<Label, byte[]> constants = new LinkedHashMap<>();

  /** The next instruction is what {@code label} names. */
  public void bind(Label label) {
    if (labels.put(label, instructions.size()) != null) {
      throw new IllegalStateException("the label stands somewhere already: " + label);
    }
  }

  /** A label that names the next instruction. */
  public Label here(String name) {
    Label label = new Label(name);
    bind(label);
    return label;
  }

  /** Constants, to be read through the label. */
  public Mem constant(String name, int... words) {
    ByteBuffer bytes =
        ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(words);
    return constant(name, bytes.array());
  }

  /** Constants, to be read through the label. */
  public Mem constant(String name, float... values) {
    int[] words = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      words[i] = Float.floatToRawIntBits(values[i]);
    }
    return constant(name, words);
  }

  /** Constants, to be read through the label. */
  public Mem constant(String name, byte... bytes) {
    Label label = new Label(name);
    constants.put(label, bytes.clone());
    return Mem.at(label);
  }

  /** The routine as it stands. */
  public Code finish() {
    Encoder out = new Encoder();
    int[] starts = new int[instructions.size() + 1];
    for (int i = 0; i < instructions.size(); i++) {
      starts[i] = out.size();
      out.encode(instructions.get(i));
    }
    starts[instructions.size()] = out.size();
    Map<Label, Integer> places = new LinkedHashMap<>();
    labels.forEach((label, index) -> places.put(label, starts[index]));
    constants.forEach((label, bytes) -> {
      while (out.size() % Assembler.ALIGNMENT != 0) {
        out.put(0xCC); // int3: nobody comes here
      }
      places.put(label, out.size());
      for (byte b : bytes) {
        out.put(b);
      }
    });
    for (Encoder.Fixup fixup : out.fixups()) {
      Integer place = places.get(fixup.label());
      if (place == null) {
        throw new IllegalStateException("a label stands nowhere: " + fixup.label());
      }
      out.patch(fixup, place);
    }
    return new Code(instructions, labels, constants, out.bytes());
  }

  final void emit(Op op, Operand... operands) {
    instructions.add(Instruction.of(op, operands));
  }
}
