/** One class per verb. A command reads its options, asks the floors below, and prints. */
@NullMarked
package dev.nearside.cli.command;

import org.jspecify.annotations.NullMarked;
