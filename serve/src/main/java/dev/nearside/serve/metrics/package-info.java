/** What the server counts: in Prometheus' text format, and a few numbers for its own page. */
@NullMarked
package dev.nearside.serve.metrics;

import org.jspecify.annotations.NullMarked;
