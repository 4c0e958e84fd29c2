/** Records of a chat and the interfaces that every backend, near or far, implements. */
module dev.nearside.chat {
  requires transitive dev.nearside.base;
  requires transitive tools.jackson.databind;

  exports dev.nearside.chat;
}
