/** What GGUF and safetensors readers share: errors and tensor descriptions. */
@NullMarked
package dev.nearside.format;

import org.jspecify.annotations.NullMarked;
