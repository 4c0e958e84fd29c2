package dev.nearside.model;

/**
 * What callers need to know of a model.
 *
 * @param architecture GGUF's name of the architecture
 * @param vocabSize length of a logits row
 * @param contextLength positions the model was trained for
 * @param layers decoder blocks
 * @param hidden width of the residual stream
 * @param kvBytesPerToken bytes of keys and values that a position takes
 * @param parameters number of weights
 * @param weightBytes bytes of the weights as loaded
 */
public record ModelInfo(
    String architecture,
    int vocabSize,
    int contextLength,
    int layers,
    int hidden,
    long kvBytesPerToken,
    long parameters,
    long weightBytes) {}
