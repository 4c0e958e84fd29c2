/**
 * HTTP as the hub needs it: quick failure, redirects that never leak a token, proxies, an own CA.
 */
@NullMarked
package dev.nearside.hub.net;

import org.jspecify.annotations.NullMarked;
