package dev.nearside.cli.command;

import dev.nearside.chat.BackendException;
import dev.nearside.chat.ModelParameters;
import dev.nearside.cli.chat.ChatModel;
import dev.nearside.cli.remote.RemoteBackend;
import dev.nearside.cli.remote.RemoteServer;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LocalEngine;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelSettings;
import dev.nearside.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model for one command: at the server of this home if one runs, else loaded into this process.
 *
 * @param holder closed with it
 */
record ModelUse(ChatModel model, AutoCloseable holder) implements AutoCloseable {

  /** Loads the model into this process. */
  static ModelUse here(LocalModel local, EngineOptions options) {
    LocalEngine engine = LocalEngine.open(local.path(), options);
    ChatModel model =
        ChatModel.of(local.name(), engine, options.chatTemplate())
            .withPreset(Presets.of(local.settings()));
    return new ModelUse(model, engine);
  }

  /**
   * The model at the server of this home; empty without a server that takes commands.
   *
   * @param keepAlive how long the server shall keep it loaded; null = as the server is set
   */
  static Optional<ModelUse> atServer(Path home, LocalModel local, @Nullable String keepAlive)
      throws IOException, InterruptedException {
    return reachable(home)
        .map(server ->
            new ModelUse(
                described(local, new RemoteBackend(server, local.name(), keepAlive)), server));
  }

  private static Optional<RemoteServer> reachable(Path home)
      throws IOException, InterruptedException {
    try {
      return RemoteServer.find(home);
    } catch (BackendException e) {
      return Optional.empty(); // it asks for a client certificate: the model can be loaded here
    }
  }

  // What a chat shows of its model comes from its settings and its file: the server has the same.
  private static ChatModel described(LocalModel local, RemoteBackend backend) {
    try (TensorFile file = ModelFiles.open(local.path())) {
      Metadata metadata = file.metadata();
      String architecture = metadata.findString("general.architecture").orElse("?");
      ModelSettings own = local.settings();
      String template =
          own.template() != null
              ? own.template()
              : metadata.findString("tokenizer.chat_template").orElse(null);
      int context = ModelParameters.of(own.parameters()).contextLength();
      return new ChatModel(
          local.name(),
          backend,
          backend,
          template == null,
          template,
          architecture,
          file.tensors().stream().mapToLong(TensorInfo::elems).sum(),
          context > 0
              ? context
              : Math.toIntExact(metadata.findInteger(architecture + ".context_length").orElse(0)));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      holder.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
