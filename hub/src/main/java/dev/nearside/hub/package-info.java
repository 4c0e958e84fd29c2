/** Model names, sources, downloads and the local store. */
@NullMarked
package dev.nearside.hub;

import org.jspecify.annotations.NullMarked;
