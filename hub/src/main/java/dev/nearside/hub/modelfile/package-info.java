/** Ollama's Modelfile: how a model is described that is made from another one. */
@NullMarked
package dev.nearside.hub.modelfile;

import org.jspecify.annotations.NullMarked;
