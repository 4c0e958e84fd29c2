/**
 * What both formats need of files: mapping them whole, replacing them atomically, strict UTF-8. Not
 * exported.
 */
@NullMarked
package dev.nearside.format.io;

import org.jspecify.annotations.NullMarked;
