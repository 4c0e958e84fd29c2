/**
 * The folder of models. {@code blobs/sha256-…} hold the bytes, {@code manifests/*.json} name them;
 * a model exists when its manifest does, and a manifest is written last and in one step. {@code
 * partial/} holds unfinished downloads, {@code models/} views of models with several files, {@code
 * seals/} what was verified, {@code locks/} lock files. docs/design/hub.md has the picture.
 */
@NullMarked
package dev.nearside.hub.store;

import org.jspecify.annotations.NullMarked;
