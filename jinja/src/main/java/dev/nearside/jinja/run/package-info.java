/** Runs a parsed template: {@link dev.nearside.jinja.run.Interpreter} and what it hands out. */
@NullMarked
package dev.nearside.jinja.run;

import org.jspecify.annotations.NullMarked;
