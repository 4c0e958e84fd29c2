package dev.nearside.hub.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * A model's licence.
 *
 * @param id SPDX identifier where there is one ({@code Apache-2.0}), else a short name
 * @param url where the full text is
 * @param terms what must be shown before the first download; null when nothing must be
 */
public record Licence(String id, @Nullable String url, @Nullable String terms) {}
