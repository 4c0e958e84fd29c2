package dev.nearside.tensor.kernel.x86;

import java.util.List;
import java.util.Map;

/**
 * Assembled code: its instructions, and the same as bytes with the constants behind them.
 *
 * @param instructions in their order
 * @param labels what a label stands before: the number of an instruction
 * @param constants what a label names among the constants
 * @param bytes to be placed at an address that is a multiple of {@link Assembler#ALIGNMENT}
 */
public record Code(
    List<Instruction> instructions,
    Map<Label, Integer> labels,
    Map<Label, byte[]> constants,
    byte[] bytes) {
  public Code {
    instructions = List.copyOf(instructions);
    labels = Map.copyOf(labels);
    constants = Map.copyOf(constants);
  }
}
