/**
 * One remote file to one verified blob: probe, parallel ranges with a journal, retries, checksum.
 * docs/design/hub.md tells the algorithm.
 */
@NullMarked
package dev.nearside.hub.download;

import org.jspecify.annotations.NullMarked;
