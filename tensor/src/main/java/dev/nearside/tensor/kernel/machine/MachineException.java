package dev.nearside.tensor.kernel.machine;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;

/** Machine code can't be used here; its message says why, and other kernels serve. */
public final class MachineException extends TensorException {
  private static final long serialVersionUID = 1L;

  MachineException(String why) {
    super(Fault.of(why));
  }

  private MachineException(Throwable cause) {
    super(Fault.of("a call of the system failed").got(cause), cause);
  }

  /** For what a call of the system throws. */
  static MachineException of(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new MachineException(e);
  }
}
