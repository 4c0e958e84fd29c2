package dev.nearside.serve;

/**
 * What the server runs on, as far as whoever starts it has to say it.
 *
 * @param kernels which arithmetic computes, for people
 * @param memoryForModels bytes that loaded models may take together
 */
public record Host(String kernels, long memoryForModels) {}
