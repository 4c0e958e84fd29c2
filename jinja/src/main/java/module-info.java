/** A Jinja engine for chat templates. */
module dev.nearside.jinja {
  requires transitive dev.nearside.base;

  exports dev.nearside.jinja;
}
