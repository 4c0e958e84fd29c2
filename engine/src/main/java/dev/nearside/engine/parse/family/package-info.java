/**
 * The families of models that are told apart by their chat templates. To add one: a class here and
 * a line in {@link dev.nearside.engine.parse.family.Families}.
 */
@NullMarked
package dev.nearside.engine.parse.family;

import org.jspecify.annotations.NullMarked;
