package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.download.RemoteFile;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.SafeNames;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A repository of ModelScope: listed by {@code /api/v1/models/REPO/repo/files}, loaded from {@code
 * /models/REPO/resolve/master/FILE}. See modelscope/hub/api.py of its Python client.
 *
 * @param wanted quant format or file; null for the default
 * @param known the file of a catalogue entry: no listing is needed then
 */
record ModelScopeSource(
    URI endpoint, String repo, @Nullable String wanted, @Nullable FileFacts known)
    implements ModelSource {

  private static final String GATE_HINT = "The model may need an account on modelscope.cn";

  @Override
  public String label() {
    return "ModelScope " + repo + (wanted == null ? "" : " " + wanted);
  }

  @Override
  public Fetched fetch(Intake intake) throws InterruptedException {
    if (known != null && wanted != null) {
      long size = known.isApproximate() ? -1 : known.bytes();
      RepoFile file = new RepoFile(wanted, size, known.sha256(), null);
      return new Fetched(Manifest.Kind.GGUF, intake.download(List.of(remote(file))));
    }
    RepoChoice choice = RepoChoice.of(list(intake.http()), wanted, repo);
    List<RemoteFile> files = new ArrayList<>();
    for (RepoFile file : choice.files()) {
      files.add(remote(file));
    }
    return new Fetched(choice.kind(), intake.download(files));
  }

  private List<RepoFile> list(HubHttp http) throws InterruptedException {
    URI address =
        Api.address(
            endpoint, "api/v1/models/" + repo + "/repo/files", "Revision=master&Recursive=true");
    JsonNode answer = new Api(http, Map.of(), GATE_HINT).ask(address, "cannot list " + repo);
    if (answer == null) {
      throw SourceException.permanent(Fault.of("there is no such repository").got(repo));
    }
    int code = answer.path("Code").asInt(200);
    if (code != 200) {
      throw SourceException.permanent(
          Fault.of("cannot list " + repo).got(answer.path("Message").asString("code " + code)));
    }
    List<RepoFile> files = new ArrayList<>();
    for (JsonNode node : answer.path("Data").path("Files")) {
      if (node.path("Type").asString("blob").equals("tree")) {
        continue;
      }
      String sha256 = node.path("Sha256").asString("").toLowerCase(Locale.ROOT);
      files.add(
          new RepoFile(
              node.path("Path").asString(""),
              node.path("Size").asLong(-1),
              SafeNames.isSha256(sha256) ? sha256 : null,
              null));
    }
    return files;
  }

  private RemoteFile remote(RepoFile file) {
    return new RemoteFile(
        file.checked().nameInModel(),
        Api.address(endpoint, "models/" + repo + "/resolve/master/" + file.path(), ""),
        Map.of(),
        file.size(),
        file.sha256(),
        null,
        GATE_HINT);
  }
}
