/**
 * Models with random weights in the shapes of real ones, so that speed can be measured without a
 * download. {@link dev.nearside.model.synth.SynthShapes} is the index of shapes, {@link
 * dev.nearside.model.synth.QuantMix} says which tensor gets which type.
 */
@NullMarked
package dev.nearside.model.synth;

import org.jspecify.annotations.NullMarked;
