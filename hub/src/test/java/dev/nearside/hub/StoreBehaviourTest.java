package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.store.FileLocks;
import dev.nearside.hub.store.SafeNames;
import dev.nearside.hub.store.Store;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store promises after models are in it. */
@Timeout(300)
class StoreBehaviourTest {

  private static final String ONE = "hf.co/user/one";
  private static final String TWO = "hf.co/user/two";

  @TempDir Path root;
  private final FakeServer server = new FakeServer();
  private final byte[] content = Fixtures.bytes(300_000, 1);

  @BeforeEach
  void serve() {
    server.repo("user/one", Map.of("a-Q8_0.gguf", content));
    server.repo("user/two", Map.of("b-Q8_0.gguf", content));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ModelHub hub() {
    return ModelHub.open(Fixtures.config(root, server.address(), null));
  }

  private LocalModel pull(String name) throws InterruptedException {
    return hub().pull(name, PullListener.silent());
  }

  private Path manifest(String name) {
    return root.resolve("home/manifests").resolve(SafeNames.slug(name) + ".json");
  }

  private static void overwriteByte(Path blob) throws IOException {
    Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
    try (FileChannel channel = FileChannel.open(blob, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 1234);
    }
  }

  @Test
  void resolve_blobChangedOnDisk_isRefusedAndPullMends() throws Exception {
    LocalModel model = pull(ONE);
    var time = Files.getLastModifiedTime(model.path());
    overwriteByte(model.path());
    // Even a change that hides its time is seen, by the time that no program can set.
    Files.setLastModifiedTime(model.path(), time);
    HubException e = assertThrows(HubException.class, () -> hub().resolve(ONE));
    Fixtures.assertSays(e, "missing or damaged");
    assertEquals(1, hub().verify().size());
    pull(ONE);
    assertEquals(Fixtures.sha256(content), Fixtures.sha256(Files.readAllBytes(model.path())));
    assertEquals(List.of(), hub().verify());
  }

  @Test
  void resolve_blobCutShort_isRefused() throws Exception {
    LocalModel model = pull(ONE);
    Files.setPosixFilePermissions(model.path(), PosixFilePermissions.fromString("rw-r--r--"));
    try (FileChannel channel = FileChannel.open(model.path(), StandardOpenOption.WRITE)) {
      channel.truncate(1000);
    }
    assertThrows(HubException.class, () -> hub().resolve(ONE));
  }

  @Test
  void resolve_touchedButSame_worksAgain() throws Exception {
    LocalModel model = pull(ONE);
    Files.setLastModifiedTime(model.path(), java.nio.file.attribute.FileTime.fromMillis(1));
    assertEquals(model.path(), hub().resolve(ONE).path());
  }

  @Test
  void manifest_damaged_isReportedNotListedAndMended() throws Exception {
    pull(ONE);
    pull(TWO);
    byte[] whole = Files.readAllBytes(manifest(ONE));
    for (String text :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"schema\":2}",
            new String(whole, java.nio.charset.StandardCharsets.UTF_8).replace("\"a-", "\"../a-"),
            new String(whole, java.nio.charset.StandardCharsets.UTF_8)
                .replace(Fixtures.sha256(content), "../../../etc/passwd"),
            new String(whole, java.nio.charset.StandardCharsets.UTF_8).replace("GGUF", "ELF"))) {
      Files.writeString(manifest(ONE), text);
      HubException e = assertThrows(HubException.class, () -> hub().resolve(ONE), text);
      Fixtures.assertSays(e, "manifest is damaged");
      assertEquals(List.of(TWO), hub().list().stream().map(LocalModel::name).toList());
      PruneReport report = hub().prune();
      assertEquals(List.of(), report.removed(), "blobs of a damaged model were removed");
      assertEquals(1, report.kept().size());
    }
    assertEquals(1, hub().verify().size());
    int requests = server.seen.size();
    pull(ONE);
    assertEquals(2, hub().list().size());
    assertTrue(server.seen.size() <= requests + 1, "the blob was loaded again");
  }

  @Test
  void remove_sharedBlob_staysUntilLastModelGoes() throws Exception {
    Path blob = pull(ONE).path();
    assertEquals(blob, pull(TWO).path());
    hub().remove(ONE);
    assertTrue(Files.exists(blob));
    assertThrows(ModelNotPulledException.class, () -> hub().resolve(ONE));
    assertEquals(blob, hub().resolve(TWO).path());
    hub().remove(TWO);
    assertFalse(Files.exists(blob));
    assertEquals(List.of(), hub().list());
  }

  @Test
  void remove_damagedManifest_works() throws Exception {
    pull(ONE);
    Files.writeString(manifest(ONE), "broken");
    hub().remove(ONE);
    assertFalse(Files.exists(manifest(ONE)));
    assertEquals(1, hub().prune().removed().size());
  }

  @Test
  void remove_unknownOrAbsent_saysWhich() {
    assertThrows(ModelNotPulledException.class, () -> hub().remove(ONE));
    assertThrows(UnknownModelException.class, () -> hub().remove("nosuchthing"));
  }

  @Test
  void copy_installed_sharesBlobAndKeepsBoth() throws Exception {
    LocalModel one = pull(ONE);
    hub().copy(ONE, "mine");
    LocalModel copy = hub().resolve("mine");
    assertEquals("mine:latest", copy.name());
    assertEquals(one.path(), copy.path());
    hub().copy("mine", "con:nul");
    assertEquals(one.path(), hub().resolve("con:nul").path());
    hub().remove(ONE);
    assertEquals(one.path(), hub().resolve("MINE:latest").path());
  }

  @Test
  void copy_ontoCatalogueNameOrPath_isRefused() throws Exception {
    pull(ONE);
    for (String to : List.of("smollm2", "smollm2:135m", "../x", "hf.co/a/b", "/tmp/x.gguf")) {
      assertThrows(HubException.class, () -> hub().copy(ONE, to), to);
    }
    assertEquals(1, hub().list().size());
  }

  @Test
  void copy_whileTheModelIsRemoved_waitsAndSaysItIsGone() throws Exception {
    LocalModel one = pull(ONE);
    FileLocks locks = new Store(root.resolve("home")).locks();
    CompletableFuture<Void> copy;
    try (FileLocks.Held _ = locks.lock("gate", () -> {})) {
      copy = CompletableFuture.runAsync(() -> hub().copy(ONE, "mine"));
      assertThrows(TimeoutException.class, () -> copy.get(500, TimeUnit.MILLISECONDS));
      Files.delete(manifest(ONE));
      Files.delete(one.path());
    }
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> copy.get(20, TimeUnit.SECONDS));
    assertInstanceOf(ModelNotPulledException.class, e.getCause());
    assertEquals(List.of(), hub().list());
  }

  @Test
  void prune_leftovers_areRemovedAndModelsStay() throws Exception {
    Path blob = pull(ONE).path();
    Path home = root.resolve("home");
    Files.createDirectories(home.resolve("partial"));
    Files.createDirectories(home.resolve("work/x/tmp"));
    Files.createDirectories(home.resolve("models/stale"));
    Files.write(home.resolve("partial/a.part"), new byte[1000]);
    Files.write(home.resolve("work/x/tmp/w.whl"), new byte[500]);
    Files.write(home.resolve("blobs/sha256-" + "0".repeat(64)), new byte[70]);
    Files.write(home.resolve("manifests/x.json.77.tmp"), new byte[7]);
    PruneReport report = hub().prune();
    assertEquals(1577, report.freedBytes());
    assertEquals(5, report.removed().size(), report.removed().toString());
    assertEquals(List.of(), report.kept());
    assertTrue(Files.exists(blob));
    assertEquals(1, hub().list().size());
    assertEquals(0, hub().prune().freedBytes());
  }

  @Test
  void view_deleted_isMadeAgain() throws Exception {
    server.repo(
        "user/split",
        Map.of(
            "m-Q8_0-00001-of-00002.gguf", Fixtures.bytes(10, 5),
            "m-Q8_0-00002-of-00002.gguf", Fixtures.bytes(20, 6)));
    LocalModel model = pull("hf.co/user/split");
    Files.delete(model.path().resolveSibling("m-Q8_0-00002-of-00002.gguf"));
    hub().resolve("hf.co/user/split");
    assertEquals(20, Files.size(model.path().resolveSibling("m-Q8_0-00002-of-00002.gguf")));
    hub().remove("hf.co/user/split");
    assertFalse(Files.exists(model.path()));
  }

  @Test
  void home_readOnly_saysHowToHelp() throws Exception {
    Path file = root.resolve("file");
    Files.write(file, new byte[1]);
    HubConfig config =
        Fixtures.config(root, server.address(), null).withHome(file.resolve("below-a-file"));
    HubException e =
        assertThrows(
            HubException.class, () -> ModelHub.open(config).pull(ONE, PullListener.silent()));
    Fixtures.assertSays(e, "below-a-file");
  }

  @Test
  void disk_tooFull_saysSoBeforeLoading() {
    HubException e =
        assertThrows(
            HubException.class,
            () -> new dev.nearside.hub.store.Store(root.resolve("home")).requireSpace(1L << 60));
    Fixtures.assertSays(e, "the disk is full");
    Fixtures.assertSays(e, "nearside prune");
  }

  @Test
  void home_absent_listsNothing() {
    assertEquals(List.of(), hub().list());
    assertEquals(List.of(), hub().cached());
    assertEquals(List.of(), hub().verify());
    assertFalse(Files.exists(root.resolve("home")), "looking made the home");
  }
}
