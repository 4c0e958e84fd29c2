package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.cli.remote.RemoteServer;
import dev.nearside.serve.ServeException;
import java.io.IOException;

/** The server that commands talk to. */
final class Servers {
  private Servers() {}

  /**
   * The server of this home.
   *
   * @throws ServeException when none runs
   */
  static RemoteServer running(CliContext context) throws IOException, InterruptedException {
    return RemoteServer.find(context.hubConfig().home())
        .orElseThrow(() ->
            new ServeException(
                Fault.of("no server runs").hint("'nearside serve' starts one."), null));
  }
}
