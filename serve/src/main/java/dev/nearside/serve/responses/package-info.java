/**
 * OpenAI's Responses. A conversation is a list of items: messages, function calls and their
 * results, reasoning. {@link dev.nearside.serve.responses.ItemFields} brings a request's items into
 * the shape in which they are kept, {@link dev.nearside.serve.responses.ItemMessages} makes a chat
 * of them, and {@link dev.nearside.serve.responses.ResponseWriter} makes items of the reply.
 * Answers are kept in {@link dev.nearside.serve.responses.ResponseStore}, in memory and within
 * bounds.
 */
@NullMarked
package dev.nearside.serve.responses;

import org.jspecify.annotations.NullMarked;
