/** Talking to a Nearside server that runs on this machine. */
@NullMarked
package dev.nearside.cli.remote;

import org.jspecify.annotations.NullMarked;
