/**
 * The layers that architectures are made of: linear, norm, rope, attention, feed-forward, experts,
 * decoder.
 */
@NullMarked
package dev.nearside.model.layer;

import org.jspecify.annotations.NullMarked;
