/**
 * Where models come from. A new kind is one class that implements {@link
 * dev.nearside.hub.source.ModelSource} and one line in {@link dev.nearside.hub.source.Sources}.
 */
@NullMarked
package dev.nearside.hub.source;

import org.jspecify.annotations.NullMarked;
