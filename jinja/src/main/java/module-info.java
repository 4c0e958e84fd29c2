/** A Jinja engine for chat templates. Only the root package is for others. */
module dev.nearside.jinja {
  requires transitive dev.nearside.base;

  exports dev.nearside.jinja;
}
