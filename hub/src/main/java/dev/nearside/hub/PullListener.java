package dev.nearside.hub;

/**
 * Hears what a pull does. Called from several download threads, one call at a time. Must be quick.
 */
@FunctionalInterface
public interface PullListener {

  void onEvent(PullEvent event);

  /**
   * Shows licence terms before the first byte is downloaded.
   *
   * @return false to refuse them; the pull then ends with a {@link HubException}
   */
  default boolean acceptTerms(PullEvent.Terms terms) {
    onEvent(terms);
    return true;
  }

  /** A listener that ignores everything. */
  static PullListener silent() {
    return event -> {};
  }
}
