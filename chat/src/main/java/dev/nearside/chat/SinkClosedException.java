package dev.nearside.chat;

/** The receiver of a reply has gone. */
public class SinkClosedException extends Exception {
  private static final long serialVersionUID = 1L;

  public SinkClosedException(String message) {
    super(message);
  }
}
