package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.cli.remote.RemoteServer;
import dev.nearside.serve.ServeException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code nearside stop}: unloads a model, or ends the server. */
@Command(
    name = "stop",
    description = {
      "Unload a model of the running server, or end the server.",
      "",
      "Requests that run end first; the server gives them some seconds."
    },
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
  private static final long WAIT_SECONDS = 60;

  private final CliContext context;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description = "The model to unload; without one, the server ends.")
  @Nullable String model;

  StopCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (RemoteServer server = Servers.running(context)) {
      if (model != null) {
        server.post(
            "/api/generate",
            JsonNodeFactory.instance.objectNode().put("model", model).put("keep_alive", 0));
        context.err().println(model + " is unloaded");
        return 0;
      }
      end(server);
      context.err().println("the server at " + server.uri() + " has ended");
    }
    return 0;
  }

  private static void end(RemoteServer server) throws InterruptedException {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElse(null);
    if (process == null || !process.destroy()) {
      throw new ServeException(
          Fault.of("the server can't be told to end").where("process " + server.pid()), null);
    }
    try {
      process.onExit().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new ServeException(
          Fault.of("the server has not ended").where("process " + server.pid()), e);
    }
  }
}
