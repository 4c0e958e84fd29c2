package dev.nearside.format.convert;

/** Hears how far a quantisation is. An exception that it throws stops the work. */
@FunctionalInterface
public interface QuantizeProgress {
  /** Does nothing. */
  QuantizeProgress NONE = (tensor, bytesDone, bytesTotal) -> {};

  /**
   * @param tensor the tensor at work
   * @param bytesDone tensor bytes of the source that are done
   * @param bytesTotal tensor bytes of the source
   */
  void at(String tensor, long bytesDone, long bytesTotal);
}
