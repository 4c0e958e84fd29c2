package dev.nearside.chat;

/**
 * A low-rank adapter (LoRA) at work in one request.
 *
 * @param name as it was given when the adapter was loaded
 * @param scale 1 = as trained
 */
public record AdapterUse(String name, float scale) {}
