/** The Web UI's files, from the jar. They lie beside this package's classes. */
@NullMarked
package dev.nearside.serve.ui;

import org.jspecify.annotations.NullMarked;
