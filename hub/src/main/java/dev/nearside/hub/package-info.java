/**
 * Model names, sources, downloads and the local store. {@link dev.nearside.hub.ModelHub} is the
 * door; everything else it needs lies in sub-packages: {@code catalogue} (what can be had), {@code
 * source} (where from; add one class and one line for a new kind), {@code download} (resume,
 * ranges, checksums), {@code net} (HTTP, proxies, trust) and {@code store} (blobs, manifests,
 * locks).
 */
@NullMarked
package dev.nearside.hub;

import org.jspecify.annotations.NullMarked;
