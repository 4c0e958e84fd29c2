/** Errors, units and small helpers that every floor may use. */
module dev.nearside.base {
  requires static transitive org.jspecify;
  requires java.management;
  requires jdk.management;

  exports dev.nearside.base;
}
