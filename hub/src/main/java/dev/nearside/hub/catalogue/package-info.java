/**
 * The built-in list of models: what they are, what they need, where they come from. The data is
 * {@code catalogue.json} beside these classes; to add a model, add an object there.
 */
@NullMarked
package dev.nearside.hub.catalogue;

import org.jspecify.annotations.NullMarked;
