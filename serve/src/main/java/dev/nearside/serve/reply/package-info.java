/**
 * What every API needs to answer with generated text: ids, several replies at once, whole replies.
 */
@NullMarked
package dev.nearside.serve.reply;

import org.jspecify.annotations.NullMarked;
