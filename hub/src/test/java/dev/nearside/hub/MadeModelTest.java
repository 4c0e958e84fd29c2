package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.ModelDraft.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeModelTest {
  @TempDir Path home;
  private ModelHub hub;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    hub =
        ModelHub.open(
            HubConfig.fromEnvironment(
                Map.of("NEARSIDE_HOME", home.resolve("store").toString(), "NEARSIDE_OFFLINE", "1"),
                home));
    file = Files.writeString(home.resolve("weights.gguf"), "weights");
  }

  private LocalModel make(String name, Source source, ModelSettings settings)
      throws InterruptedException {
    return hub.create(name, new ModelDraft(source, Map.of(), settings));
  }

  @Test
  void modelOfAPath_isCopiedIntoTheStore_withItsSettings() throws Exception {
    ModelSettings settings =
        new ModelSettings(
            null,
            "{{ x }}",
            "S",
            Map.of("temperature", 0.5, "seed", 7L, "stop", List.of("a")),
            List.of(new ModelSettings.Turn("user", "u")),
            List.of("L"));
    make("mine", new Source.From(file.toString()), settings);
    Files.delete(file);
    LocalModel found = hub.resolve("mine");
    assertEquals("weights", Files.readString(found.path()));
    assertEquals(settings.withParent(file.toString()), found.settings());
    assertEquals(Origin.Kind.STORE, found.origin().kind());
  }

  @Test
  void sharedWeights_stayUntilTheLastModelIsRemoved() throws Exception {
    make("one", new Source.From(file.toString()), ModelSettings.NONE);
    LocalModel two = make("two", new Source.From("one"), ModelSettings.NONE);
    hub.remove("one");
    assertTrue(Files.exists(two.path()));
    hub.prune();
    assertEquals("weights", Files.readString(hub.resolve("two").path()));
    hub.remove("two");
    assertFalse(Files.exists(two.path()));
  }

  private LocalModel adapted(String name, Source source, Map<String, String> adapters)
      throws InterruptedException {
    return hub.create(name, new ModelDraft(source, adapters, ModelSettings.NONE));
  }

  private String stored(String content) throws Exception {
    return hub.importFile(Files.writeString(home.resolve("adapter"), content));
  }

  @Test
  void adapters_areInherited_andNamedApart() throws Exception {
    String first = stored("first");
    String second = stored("second");
    LocalModel one = adapted("one", new Source.From(file.toString()), Map.of("a.gguf", first));
    assertEquals("weights".length() + "first".length(), one.bytes());
    LocalModel two = adapted("two", new Source.From("one"), Map.of("a.gguf", second));
    assertEquals(
        List.of("a.gguf", "2-a.gguf"), two.adapters().stream().map(LocalAdapter::name).toList());
    assertEquals("second", Files.readString(two.adapters().get(1).path()));
    assertEquals(
        List.of(first, second), two.adapters().stream().map(LocalAdapter::sha256).toList());
    RefusedException twice =
        assertThrows(
            RefusedException.class,
            () -> adapted("three", new Source.From("two"), Map.of("b.gguf", first)));
    assertTrue(String.valueOf(twice.getMessage()).contains("b.gguf"), twice.toString());
    assertThrows(
        RefusedException.class,
        () -> adapted("three", new Source.From("two"), Map.of("b.gguf", "d".repeat(64))));
    assertTrue(hub.find("three").isEmpty());
  }

  @Test
  void adapters_stayUntilTheLastModelIsRemoved() throws Exception {
    String digest = stored("adapter");
    adapted("one", new Source.From(file.toString()), Map.of("a.gguf", digest));
    LocalModel two = adapted("two", new Source.From("one"), Map.of());
    hub.remove("one");
    hub.prune();
    assertEquals("adapter", Files.readString(hub.resolve("two").adapters().getFirst().path()));
    hub.remove("two");
    assertFalse(Files.exists(two.adapters().getFirst().path()));
    assertFalse(hub.hasBlob(digest));
    assertThrows(RefusedException.class, () -> hub.blob(digest));
  }

  @Test
  void copyOfAMadeModel_keepsItsSettings() throws Exception {
    ModelSettings settings = new ModelSettings(null, null, "S", Map.of(), List.of(), List.of());
    make("one", new Source.From(file.toString()), settings);
    hub.copy("one", "two");
    assertEquals("S", hub.resolve("two").settings().system());
  }

  @Test
  void severalFiles_becomeAFolder() throws Exception {
    String config = hub.importFile(Files.writeString(home.resolve("config.json"), "{}"));
    String weights = hub.importFile(Files.writeString(home.resolve("x"), "tensors"));
    LocalModel model =
        make(
            "folder",
            new Source.OfFiles(Map.of("config.json", config, "model.safetensors", weights)),
            ModelSettings.NONE);
    assertTrue(model.isFolder());
    assertEquals("tensors", Files.readString(model.path().resolve("model.safetensors")));
  }

  @Test
  void blob_thatBreaksOff_leavesNothing() {
    InputStream broken =
        new InputStream() {
          private int left = 100_000;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("the sender has gone");
            }
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int from, int count) throws IOException {
            bytes[from] = (byte) read();
            return 1;
          }
        };
    String digest = "a".repeat(64);
    assertThrows(IOException.class, () -> hub.putBlob(digest, broken));
    assertFalse(hub.hasBlob(digest));
    assertEquals(0, hub.prune().removed().size());
  }

  @Test
  void whatCannotBe_isRefused() {
    assertThrows(
        RefusedException.class,
        () -> make("smollm2:135m", new Source.From(file.toString()), ModelSettings.NONE));
    assertThrows(
        RefusedException.class,
        () -> make("a/b", new Source.From(file.toString()), ModelSettings.NONE));
    assertThrows(
        UnknownModelException.class,
        () -> make("mine", new Source.From("nothing"), ModelSettings.NONE));
    assertThrows(
        RefusedException.class,
        () ->
            make(
                "mine",
                new Source.OfFiles(Map.of("../m.gguf", "b".repeat(64))),
                ModelSettings.NONE));
    assertThrows(
        RefusedException.class,
        () ->
            hub.putBlob(
                "c".repeat(64),
                new ByteArrayInputStream("other".getBytes(StandardCharsets.UTF_8))));
    assertThrows(
        RefusedException.class, () -> hub.putBlob("../../x", InputStream.nullInputStream()));
  }

  @Test
  void hubWithoutPaths_knowsNoFiles_butTheOnesThatWereNamed() throws Exception {
    String path = file.toString();
    assertThrows(UnknownModelException.class, () -> hub.withoutPaths(Set.of()).resolve(path));
    assertThrows(
        UnknownModelException.class, () -> hub.withoutPaths(Set.of()).find("/nothing/here"));
    assertEquals(path, hub.withoutPaths(Set.of(path)).resolve(path).name());
    List<LocalModel> listed = hub.withoutPaths(Set.of(path)).list();
    assertEquals(List.of(path), listed.stream().map(LocalModel::name).toList());
    assertTrue(hub.list().stream().noneMatch(model -> model.name().equals(path)));
    make("mine", new Source.From(path), ModelSettings.NONE);
    assertEquals("mine:latest", hub.withoutPaths(Set.of()).resolve("mine").name());
  }
}
