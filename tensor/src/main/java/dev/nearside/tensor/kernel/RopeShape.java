package dev.nearside.tensor.kernel;

/**
 * Heads that a rotation turns.
 *
 * @param headDim elements of a head
 * @param ropeDim of these the first so many are turned; even
 * @param style which two are turned together
 */
public record RopeShape(int headDim, int ropeDim, RopeStyle style) {}
