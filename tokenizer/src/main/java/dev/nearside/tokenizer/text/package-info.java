/** Characters, bytes and small collections that every kind of vocabulary needs. */
@NullMarked
package dev.nearside.tokenizer.text;

import org.jspecify.annotations.NullMarked;
