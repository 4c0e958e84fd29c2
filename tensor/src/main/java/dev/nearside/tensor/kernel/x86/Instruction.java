package dev.nearside.tensor.kernel.x86;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An instruction with its operands, the destination first. {@code toString} gives it as the GNU
 * assembler reads it in Intel's syntax.
 */
public record Instruction(Op op, List<Operand> operands) {
  public Instruction {
    operands = List.copyOf(operands);
  }

  static Instruction of(Op op, Operand... operands) {
    return new Instruction(op, List.of(operands));
  }

  /** Whether it needs EVEX's prefix. */
  boolean isEvex() {
    return switch (op.kind) {
      case GENERAL, VEX -> false;
      case EVEX -> true;
      case VEX_OR_EVEX ->
          operands.stream().anyMatch(Instruction::needsEvex)
              || (op.form == Op.Form.VMI && operands.get(1) instanceof Mem);
    };
  }

  private static boolean needsEvex(Operand operand) {
    return switch (operand) {
      case Vec v -> v.bytes() == 64 || v.number() > 15;
      case Masked m -> true;
      case Mem m -> m.isBroadcast();
      default -> false;
    };
  }

  /** Bytes of the widest vector; 0 without one. */
  int vectorBytes() {
    int most = 0;
    for (Operand operand : operands) {
      if (operand instanceof Vec v) {
        most = Math.max(most, v.bytes());
      } else if (operand instanceof Masked m) {
        most = Math.max(most, m.vec().bytes());
      }
    }
    return most;
  }

  @Override
  public String toString() {
    String line = op.mnemonic();
    if (!operands.isEmpty()) {
      line += " " + operands.stream().map(this::text).collect(Collectors.joining(", "));
    }
    return line;
  }

  private String text(Operand operand) {
    boolean isLow =
        op == Op.MOVL || op == Op.MOVL_STORE || op == Op.KMOVW || op == Op.VPBROADCASTD_GPR;
    return switch (operand) {
      case Gpr g -> isLow ? g.low() : g.toString();
      case Mem m when m.isBroadcast() ->
          "DWORD PTR " + m + "{1to" + vectorBytes() / Integer.BYTES + "}";
      default -> operand.toString();
    };
  }
}
