/** What the server counts, in Prometheus' text format. */
@NullMarked
package dev.nearside.serve.metrics;

import org.jspecify.annotations.NullMarked;
