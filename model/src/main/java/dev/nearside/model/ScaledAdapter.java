package dev.nearside.model;

/**
 * An adapter at work.
 *
 * @param scale 1 = as trained
 */
public record ScaledAdapter(Adapter adapter, float scale) {}
