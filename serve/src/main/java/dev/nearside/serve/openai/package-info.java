/** The API of OpenAI. */
@NullMarked
package dev.nearside.serve.openai;

import org.jspecify.annotations.NullMarked;
