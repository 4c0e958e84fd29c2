package dev.nearside.model.hf;

import dev.nearside.format.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * A tensor under its GGUF name: a view of the file, or a copy made when it is asked for.
 *
 * @param data exactly the tensor's bytes
 */
record HfTensor(TensorInfo info, Supplier<MemorySegment> data) {}
