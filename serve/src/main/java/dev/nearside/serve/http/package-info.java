/** Requests, responses, streams and errors, whatever the API. */
@NullMarked
package dev.nearside.serve.http;

import org.jspecify.annotations.NullMarked;
