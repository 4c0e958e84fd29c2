package dev.nearside.model;

/**
 * What callers need to know of an encoder.
 *
 * @param pooling how the model was trained to make one vector of a text
 * @param maxTokens tokens of one text at most
 * @param hidden values of a vector
 * @param labels scores of the classification head; 0 without one
 * @param isEncoderOnly whether the model can't generate text
 */
public record EncoderInfo(
    Pooling pooling, int maxTokens, int hidden, int labels, boolean isEncoderOnly) {}
