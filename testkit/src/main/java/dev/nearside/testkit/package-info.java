/**
 * What tests of several modules share: seeded generators, and judges that others wrote. Nothing
 * here is shipped; modules depend on it in test scope only.
 */
@NullMarked
package dev.nearside.testkit;

import org.jspecify.annotations.NullMarked;
