package dev.nearside.chat;

/**
 * A model's wish that a tool be called.
 *
 * @param id ties the result to the call
 * @param name the tool
 * @param arguments a JSON object, as text
 */
public record ToolCall(String id, String name, String arguments) {}
