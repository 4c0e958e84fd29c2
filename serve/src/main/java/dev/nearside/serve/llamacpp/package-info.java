/**
 * What llama.cpp's server offers beside OpenAI's API: tokens, templates and the native completion.
 * As there, a request need not name a model, and fields that are not known are ignored.
 */
@NullMarked
package dev.nearside.serve.llamacpp;

import org.jspecify.annotations.NullMarked;
