package dev.nearside.chat;

/** The end of a reply. */
public record Finished(FinishReason reason, Usage usage, Timings timings) {}
