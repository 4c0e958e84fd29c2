package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.HfToken;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.download.RemoteFile;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.SafeNames;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A repository of Hugging Face, or of whatever {@code HF_ENDPOINT} names.
 *
 * <p>Files are listed by {@code GET /api/models/REPO?blobs=true} (name, size, sha256 or git's sha1
 * of each) and come from {@code /REPO/resolve/main/FILE}. See https://huggingface.co/docs/hub/api.
 *
 * @param wanted quant format or file; null for the default
 * @param known the file of a catalogue entry: no listing is needed then
 */
record HuggingFaceSource(
    URI endpoint,
    @Nullable HfToken token,
    String repo,
    @Nullable String wanted,
    @Nullable FileFacts known)
    implements ModelSource {

  @Override
  public String label() {
    return "Hugging Face " + repo + (wanted == null ? "" : " " + wanted);
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
      files.add(remote(choice.isFolder() ? expected(file) : file));
    }
    return new Fetched(choice.kind(), intake.download(files));
  }

  // The weights of a catalogue entry must be those that it names.
  private RepoFile expected(RepoFile file) {
    if (known == null || known.sha256() == null || !file.path().equals(known.fileName())) {
      return file;
    }
    return new RepoFile(file.path(), file.size(), known.sha256(), null);
  }

  private List<RepoFile> list(HubHttp http) throws InterruptedException {
    Api api = new Api(http, headers(), gateHint());
    URI address = Api.address(endpoint, "api/models/" + repo, "blobs=true");
    JsonNode answer = api.ask(address, "cannot list " + repo);
    if (answer != null && answer.path("siblings").isArray()) {
      return files(answer.path("siblings"));
    }
    // Mirrors and simple servers may only have the other listing, or none at all.
    URI tree = Api.address(endpoint, "api/models/" + repo + "/tree/main", "recursive=true");
    JsonNode entries = api.ask(tree, "cannot list " + repo);
    if (entries != null) {
      return files(entries);
    }
    if (wanted != null && wanted.contains(".")) {
      return List.of(new RepoFile(wanted, -1, null, null));
    }
    throw SourceException.permanent(Fault.of("there is no such repository").got(repo));
  }

  /**
   * Both listings' entries: {@code rfilename} or {@code path}; {@code lfs.sha256} or {@code oid}.
   */
  private static List<RepoFile> files(JsonNode list) {
    List<RepoFile> files = new ArrayList<>();
    for (JsonNode node : list) {
      if (node.path("type").asString("file").equals("directory")) {
        continue;
      }
      String path = node.path("rfilename").asString(node.path("path").asString(""));
      JsonNode lfs = node.path("lfs");
      String sha256 = lfs.path("sha256").asString(lfs.path("oid").asString(""));
      String blobId = node.path("blobId").asString(node.path("oid").asString(""));
      boolean isGit = lfs.isMissingNode() && blobId.matches("[0-9a-f]{40}");
      files.add(
          new RepoFile(
              path,
              node.path("size").asLong(lfs.path("size").asLong(-1)),
              SafeNames.isSha256(sha256) ? sha256 : null,
              isGit ? blobId : null));
    }
    return files;
  }

  private RemoteFile remote(RepoFile file) {
    return new RemoteFile(
        file.checked().nameInModel(),
        Api.address(endpoint, repo + "/resolve/main/" + file.path(), ""),
        headers(),
        file.size(),
        file.sha256(),
        file.gitSha1(),
        gateHint());
  }

  private Map<String, String> headers() {
    return token == null ? Map.of() : Map.of("Authorization", token.header());
  }

  /** Hugging Face answers 401 for gated, private and misspelt repositories alike. */
  private String gateHint() {
    return "If the name is right, accept the licence at https://huggingface.co/"
        + repo
        + " and set HF_TOKEN to your access token"
        + (token == null ? "" : " (the one given was refused)");
  }
}
