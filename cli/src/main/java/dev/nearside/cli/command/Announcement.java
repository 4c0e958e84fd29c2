package dev.nearside.cli.command;

import dev.nearside.cli.remote.ServerFile;
import dev.nearside.serve.NearsideServer;
import java.io.IOException;
import java.nio.file.Path;

/** Tells where a server listens: people, and by a file the commands of the same home. */
record Announcement(CliContext context, Path home) {
  /** Announces a server until a signal stops it. */
  void of(NearsideServer server, String token) throws IOException {
    ServerFile file = new ServerFile(server.uri(), ProcessHandle.current().pid(), token);
    file.write(home);
    StopSignals.handle(() -> {
      try {
        file.delete(home);
      } catch (IOException e) {
        context.err().println("the file of this server is left behind: " + e.getMessage());
      }
      server.close();
    });
    context.err().println("listening at " + server.uri() + " (Ctrl-C stops)");
  }
}
