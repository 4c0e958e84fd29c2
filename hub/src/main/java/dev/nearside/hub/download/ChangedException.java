package dev.nearside.hub.download;

/** The file behind the address is not the one the download began with: begin anew. */
final class ChangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChangedException(String what) {
    super(what);
  }
}
