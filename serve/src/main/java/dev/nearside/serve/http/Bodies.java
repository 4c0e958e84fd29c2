package dev.nearside.serve.http;

import dev.nearside.base.Fault;

/** How much the bodies of requests may be, each and together, and how slowly they may come. */
public final class Bodies {
  private static final int RETRY_SECONDS = 2;
  private static final int SHARE_OF_HEAP = 4;
  private static final int MIN_BYTES_PER_SECOND = 64 << 10;

  /** The longest body. */
  final long maxBytes;

  private final long graceMillis;
  private final long maxTotal;
  private long total;

  /**
   * @param maxBytes the longest body
   * @param graceMillis how long any body may take; a long one has a second more for each 64 KiB
   * @param maxTotal bytes of memory for all bodies at once, as they came and as JSON trees
   */
  public Bodies(long maxBytes, long graceMillis, long maxTotal) {
    this.maxBytes = maxBytes;
    this.graceMillis = graceMillis;
    this.maxTotal = maxTotal;
  }

  /** A quarter of the heap for all of them. */
  public static Bodies of(long maxBytes, long graceMillis) {
    return new Bodies(maxBytes, graceMillis, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** Whether a body of which so much has come in so much time keeps a connection for no good. */
  boolean isTooSlow(long bytes, long nanos) {
    double late = nanos / 1e9 - graceMillis / 1e3;
    return late > 0 && bytes < late * MIN_BYTES_PER_SECOND;
  }

  /**
   * Sets memory aside.
   *
   * @param held what the same request holds already
   * @throws HttpProblem when there is not so much
   */
  synchronized void take(long held, long more) {
    if (held + more > maxTotal) {
      throw HttpProblem.of(
          HttpProblem.Kind.TOO_LARGE,
          Fault.of("the request takes more memory than the server has for requests")
              .expected("at most " + maxTotal + " bytes"));
    }
    if (total + more > maxTotal) {
      throw HttpProblem.later(
          HttpProblem.Kind.BUSY,
          Fault.of("other requests' bodies take all memory that there is for them"),
          RETRY_SECONDS);
    }
    total += more;
  }

  synchronized void give(long bytes) {
    total -= bytes;
  }

  /** Memory that is set aside. */
  synchronized long total() {
    return total;
  }
}
