package dev.nearside.chat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model in memory.
 *
 * @param weightBytes bytes of its weights
 * @param kvBytes bytes of its KV cache
 * @param leases requests that use it now
 * @param expires when it is unloaded if nobody asks for it; null = never
 */
public record LoadedModelState(
    ModelFacts facts,
    long weightBytes,
    long kvBytes,
    int leases,
    Instant loaded,
    @Nullable Instant expires) {}
