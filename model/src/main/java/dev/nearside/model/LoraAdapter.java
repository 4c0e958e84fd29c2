package dev.nearside.model;

import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.layer.Deltas;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** An adapter with its memory. */
final class LoraAdapter implements Adapter {
  private final DecoderModel model;
  private final Deltas deltas;
  private final Arena arena;
  private final TensorFile file;
  private final String fingerprint;
  private final long bytes;
  private boolean isClosed;

  LoraAdapter(DecoderModel model, Deltas deltas, Arena arena, TensorFile file) {
    this.model = model;
    this.deltas = deltas;
    this.arena = arena;
    this.file = file;
    this.fingerprint = fingerprint(file);
    this.bytes = file.tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  private static String fingerprint(TensorFile file) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    String alpha = "alpha " + file.metadata().findReal("adapter.lora.alpha").orElse(0) + "\n";
    digest.update(alpha.getBytes(StandardCharsets.UTF_8));
    for (TensorInfo info : file.tensors()) {
      String head = info.name() + " " + info.type() + Arrays.toString(info.shape()) + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      digest.update(file.data(info).asByteBuffer());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  boolean isOf(DecoderModel other) {
    return model == other && !isClosed;
  }

  Deltas deltas() {
    return deltas;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  // Weights that are used in place lie in the file: it goes last.
  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      arena.close();
      file.close();
    }
  }
}
