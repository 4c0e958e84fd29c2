package dev.nearside.chat;

/**
 * How soon a request must be served.
 *
 * @param priority higher ones first; 0 = usual
 * @param timeoutMillis the request fails when it has not ended by then; 0 = never
 */
public record Urgency(int priority, long timeoutMillis) {
  public static final Urgency USUAL = new Urgency(0, 0);
}
