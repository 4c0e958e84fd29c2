/**
 * Anthropic's Messages. A message is a list of blocks; {@link
 * dev.nearside.serve.anthropic.MessageBlocks} makes a chat of them, {@link
 * dev.nearside.serve.anthropic.BlockWriter} makes blocks of the reply.
 */
@NullMarked
package dev.nearside.serve.anthropic;

import org.jspecify.annotations.NullMarked;
