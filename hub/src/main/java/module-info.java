/** Model names, sources, downloads and the local store. */
module dev.nearside.hub {
  requires transitive dev.nearside.base;
  requires tools.jackson.databind;
  requires java.net.http;

  exports dev.nearside.hub;
  exports dev.nearside.hub.catalogue;
  exports dev.nearside.hub.modelfile;
}
