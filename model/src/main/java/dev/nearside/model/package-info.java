/** Language models: a file's weights become logits. */
@NullMarked
package dev.nearside.model;

import org.jspecify.annotations.NullMarked;
