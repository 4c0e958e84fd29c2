/**
 * From text to tree: {@link dev.nearside.jinja.syntax.Lexer}, {@link
 * dev.nearside.jinja.syntax.Parser}, the tree ({@link dev.nearside.jinja.syntax.Expr}, {@link
 * dev.nearside.jinja.syntax.Stmt}) and {@link dev.nearside.jinja.syntax.ScopeAnalyzer}, which finds
 * where each variable lives. A new tag is a case in the parser's {@code statement}, a record in
 * {@code Stmt}, and the cases the compiler then asks for.
 */
@NullMarked
package dev.nearside.jinja.syntax;

import org.jspecify.annotations.NullMarked;
