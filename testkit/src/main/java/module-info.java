/** What tests of several modules share. Never shipped. */
module dev.nearside.testkit {
  requires com.networknt.schema;
  requires static org.jspecify;
  requires tools.jackson.databind;

  exports dev.nearside.testkit;
}
