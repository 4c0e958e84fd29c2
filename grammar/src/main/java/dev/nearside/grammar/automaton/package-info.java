/** The automaton with a stack that grammars are compiled to, and the machine that runs it. */
@NullMarked
package dev.nearside.grammar.automaton;

import org.jspecify.annotations.NullMarked;
