package dev.nearside.cli.command;

import dev.nearside.chat.BackendException;
import dev.nearside.cli.remote.RemoteServer;
import dev.nearside.cli.remote.ServerFile;
import dev.nearside.serve.NearsideServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Tells where a server listens: people, and by a file the commands of the same home. */
record Announcement(CliContext context, Path home) {
  /** Announces a server until a signal stops it. */
  void of(NearsideServer server, String token) throws IOException, InterruptedException {
    ServerFile file = new ServerFile(server.uri(), ProcessHandle.current().pid(), token);
    Optional<URI> other = other();
    other.ifPresent(uri ->
        context
            .err()
            .println(
                "the commands run, ps and stop go on using the server of this home at " + uri));
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

  private Optional<URI> other() throws IOException, InterruptedException {
    try (RemoteServer found = RemoteServer.find(home).orElse(null)) {
      return found == null ? Optional.empty() : Optional.of(found.uri());
    } catch (BackendException e) {
      return Optional.empty(); // it lives, but takes no commands
    }
  }
}
