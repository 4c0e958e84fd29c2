/** The commands, and the one place that constructs the whole system. */
module dev.nearside.cli {
  requires dev.nearside.engine;
  requires dev.nearside.hub;
  requires dev.nearside.jinja;
  requires dev.nearside.serve;
  requires tools.jackson.databind;
  requires java.management;
  requires jdk.unsupported; // JLine asks it for signals, by reflection
  requires info.picocli;
  requires org.jline.reader;

  opens dev.nearside.cli.command to
      info.picocli;
}
