/**
 * What templates can call: filters, tests, functions and methods, each kind with one index ({@link
 * dev.nearside.jinja.builtin.Filters}, {@link dev.nearside.jinja.builtin.Tests}, {@link
 * dev.nearside.jinja.builtin.Functions}, {@link dev.nearside.jinja.builtin.Methods}). A new one is
 * a method here and a line in its index.
 */
@NullMarked
package dev.nearside.jinja.builtin;

import org.jspecify.annotations.NullMarked;
