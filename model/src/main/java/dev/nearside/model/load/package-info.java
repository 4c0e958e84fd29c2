/** From a model file to weights under GGUF's names, whatever the file's own format is. */
@NullMarked
package dev.nearside.model.load;

import org.jspecify.annotations.NullMarked;
