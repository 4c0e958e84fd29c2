/**
 * The API of Ollama: streams are JSON objects, one a line; durations are nanoseconds; fields that
 * nobody knows are ignored.
 */
@NullMarked
package dev.nearside.serve.ollama;

import org.jspecify.annotations.NullMarked;
