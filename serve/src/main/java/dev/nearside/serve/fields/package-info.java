/**
 * What the APIs' requests have in common, read in one place: a dialect names its fields, and reads
 * here what they hold.
 */
@NullMarked
package dev.nearside.serve.fields;

import org.jspecify.annotations.NullMarked;
