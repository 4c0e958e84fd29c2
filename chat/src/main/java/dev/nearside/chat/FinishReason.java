package dev.nearside.chat;

/** Why a reply ended. */
public enum FinishReason {
  /** The model ended its turn, or a stop string was met. */
  STOP,
  /** The model ended its turn with tool calls. */
  TOOL_CALLS,
  /** The token limit or the context's end was reached. */
  LENGTH,
  /** The caller cancelled. */
  CANCELLED
}
