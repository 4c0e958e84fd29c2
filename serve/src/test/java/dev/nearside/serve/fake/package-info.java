/** Models, a store and a server for tests of endpoints: real sockets, scripted replies. */
@NullMarked
package dev.nearside.serve.fake;

import org.jspecify.annotations.NullMarked;
