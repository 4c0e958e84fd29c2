package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of models that are dropped and brought back. */
@Timeout(300)
class DroppedOriginalsTest {
  private static final String ONE = "hf.co/user/one";

  @TempDir Path root;
  private final FakeServer server = new FakeServer();
  private final byte[] content = Fixtures.bytes(300_000, 1);
  private final Halves halves = new Halves();
  private LocalModel model;

  /** The first half of a file is its remainder, the second is packed. */
  private final class Halves implements OriginalFiles {
    boolean isBroken;

    @Override
    public Path split(Path original, String sha256, Path remainder) {
      assertEquals(Fixtures.sha256(content), sha256);
      try {
        if (isBroken) {
          throw new HubException(Fault.of("it does not come apart"));
        }
        byte[] all = Files.readAllBytes(original);
        Files.write(remainder, java.util.Arrays.copyOf(all, all.length / 2));
        return Files.write(
            root.resolve("half"), java.util.Arrays.copyOfRange(all, all.length / 2, all.length));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void rebuild(Path remainder, Path into) throws IOException {
      String packed = remainder.toString().replace(".remainder", ".packed");
      Files.write(into, Files.readAllBytes(remainder));
      Files.write(
          into, Files.readAllBytes(Path.of(packed)), java.nio.file.StandardOpenOption.APPEND);
      if (isBroken) {
        throw new HubException(Fault.of("it does not come together"));
      }
    }
  }

  @BeforeEach
  void pull() throws InterruptedException {
    server.repo("user/one", Map.of("a-Q8_0.gguf", content));
    model = hub().pull(ONE, PullListener.silent());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ModelHub hub() {
    return ModelHub.open(Fixtures.config(root, server.address(), null));
  }

  private LocalModel restore() throws InterruptedException {
    return hub().restoreOriginal(ONE, halves, PullListener.silent());
  }

  private List<String> blobs() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("home/blobs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void drop_thenRestore_givesTheSameFile() throws Exception {
    Path blob = model.path();
    assertEquals(content.length, hub().dropOriginal(ONE, halves));
    assertFalse(Files.exists(blob));
    LocalModel left = hub().resolve(ONE);
    assertEquals(blob + ".remainder", left.path().toString());
    assertEquals(model.sha256(), left.sha256());
    assertEquals(List.of(ONE), hub().list().stream().map(LocalModel::name).toList());
    assertEquals(List.of(), hub().verify());
    assertEquals(0, hub().dropOriginal(ONE, halves), "it is gone already");
    assertEquals(left.path(), hub().pull(ONE, PullListener.silent()).path(), "it is here");
    server.close();
    assertEquals(blob, restore().path());
    assertArrayEquals(content, Files.readAllBytes(blob));
    assertEquals(List.of(blob.getFileName().toString()), blobs(), "nothing else is left");
    assertEquals(blob, restore().path(), "it is here already");
  }

  @Test
  void restore_brokenRemainder_isFetched() throws Exception {
    hub().dropOriginal(ONE, halves);
    Path left = hub().resolve(ONE).path();
    byte[] changed = Files.readAllBytes(left);
    changed[7]++;
    Files.write(left, changed);
    LocalModel back = restore();
    assertArrayEquals(content, Files.readAllBytes(back.path()));
    assertEquals(1, blobs().size());
    hub().dropOriginal(ONE, halves);
    halves.isBroken = true;
    assertArrayEquals(content, Files.readAllBytes(restore().path()), "or not at all");
  }

  @Test
  void restore_neitherWay_saysBothAndKeepsWhatIsLeft() throws Exception {
    hub().dropOriginal(ONE, halves);
    List<String> before = blobs();
    halves.isBroken = true;
    server.repo("user/one", Map.of("a-Q8_0.gguf", Fixtures.bytes(1000, 2)));
    HubException other = assertThrows(HubException.class, this::restore);
    Fixtures.assertSays(other, "another file now");
    assertTrue(blobs().containsAll(before));
    server.close();
    HubException none = assertThrows(HubException.class, this::restore);
    Fixtures.assertSays(none, "neither be made again nor fetched");
    Fixtures.assertSays(none, "does not come together");
    assertTrue(blobs().containsAll(before));
    halves.isBroken = false;
    assertArrayEquals(content, Files.readAllBytes(restore().path()));
  }

  @Test
  void drop_thatFails_leavesTheFile() throws Exception {
    halves.isBroken = true;
    assertThrows(HubException.class, () -> hub().dropOriginal(ONE, halves));
    assertEquals(model.path(), hub().resolve(ONE).path());
    assertEquals(1, blobs().size());
    assertEquals(0, hub().prune().removed().size(), "no litter");
  }

  @Test
  void prune_keepsWhatIsLeft_andRemoveTakesIt() throws Exception {
    hub().copy(ONE, "second");
    hub().dropOriginal(ONE, halves);
    hub().prune();
    Path left = hub().resolve("second").path();
    assertTrue(Files.exists(left), "both share it");
    hub().remove(ONE);
    assertEquals(left, hub().resolve("second").path());
    hub().remove("second");
    assertEquals(List.of(), blobs());
  }

  @Test
  void prune_originalIsBack_removesWhatWasLeft() throws Exception {
    hub().dropOriginal(ONE, halves);
    hub().putBlob(Fixtures.sha256(content), new java.io.ByteArrayInputStream(content));
    assertEquals(model.path(), hub().resolve(ONE).path(), "the original is better");
    hub().prune();
    assertEquals(1, blobs().size());
  }

  @Test
  void drop_fileOfTheUser_isRefused() throws Exception {
    Path own = Files.write(root.resolve("own.gguf"), content);
    assertThrows(RefusedException.class, () -> hub().dropOriginal(own.toString(), halves));
    assertArrayEquals(content, Files.readAllBytes(own));
    assertThrows(HubException.class, () -> hub().dropOriginal("unknown", halves));
  }
}
