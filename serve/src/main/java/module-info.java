/** The HTTP server: every API that existing clients speak, over the interfaces of chat. */
module dev.nearside.serve {
  requires transitive dev.nearside.chat;
  requires transitive dev.nearside.hub;
  requires dev.nearside.jinja;
  requires tools.jackson.databind;
  requires org.eclipse.jetty.alpn.server;
  requires org.eclipse.jetty.http2.server;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.util;
  requires java.logging;
  requires java.management;
  requires jdk.management;

  exports dev.nearside.serve;
  exports dev.nearside.serve.keys;
}
