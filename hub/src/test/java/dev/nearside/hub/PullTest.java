package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls over HTTP from a fake Hugging Face: what goes well and what goes wrong. */
@Timeout(300)
class PullTest {

  private static final String NAME = "hf.co/user/repo:Q4_K_M";
  private static final String FILE = "/user/repo/resolve/main/m-Q4_K_M.gguf";

  @TempDir Path root;
  private final FakeServer server = new FakeServer();
  private final Fixtures.Events events = new Fixtures.Events();

  @AfterEach
  void stop() {
    server.close();
  }

  private ModelHub hub() {
    return ModelHub.open(Fixtures.config(root, server.address(), null));
  }

  private ModelHub hastyHub() {
    HubConfig config = Fixtures.config(root, server.address(), null);
    return ModelHub.open(config.withNetwork(Fixtures.network(Fixtures.QUICK)));
  }

  private FakeServer.Item serve(byte[] content) {
    server.repo("user/repo", Map.of("m-Q4_K_M.gguf", content, "m-Q8_0.gguf", new byte[10]));
    return server.item(FILE);
  }

  private void assertPulled(byte[] content) throws Exception {
    LocalModel model = hub().pull(NAME, events);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
    assertEquals(Fixtures.sha256(content), model.sha256());
    assertEquals(List.of(NAME), hub().list().stream().map(LocalModel::name).toList());
    assertEquals(model.path(), hub().resolve(NAME).path());
    assertNoLeftovers();
  }

  private void assertNoLeftovers() throws Exception {
    try (Stream<Path> files = Files.list(root.resolve("home/partial"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void pull_rangesServed_loadsInParallelAndVerifies() throws Exception {
    byte[] content = Fixtures.bytes(20_000_001, 1);
    FakeServer.Item item = serve(content);
    item.pauseMillis = 1;
    assertPulled(content);
    assertTrue(item.mostActive.get() > 1, "ranges ran one after the other");
    PullEvent.Started started = events.of(PullEvent.Started.class).getFirst();
    assertEquals(4, started.connections());
    PullEvent.Progress last = events.of(PullEvent.Progress.class).getLast();
    assertEquals(new PullEvent.Progress(content.length, content.length), last);
    assertFalse(events.of(PullEvent.Verifying.class).isEmpty());
    assertTrue(events.all.getLast() instanceof PullEvent.Done);
  }

  @Test
  void pull_alreadyHere_asksNobody() throws Exception {
    serve(Fixtures.bytes(1000, 2));
    hub().pull(NAME, events);
    int requests = server.seen.size();
    hub().pull(NAME, events);
    assertEquals(requests, server.seen.size());
  }

  @Test
  void pull_noRanges_loadsInOneStream() throws Exception {
    byte[] content = Fixtures.bytes(3_000_000, 3);
    serve(content).hasRanges = false;
    assertPulled(content);
  }

  @Test
  void pull_noRangesAndCut_startsAgainAndSucceeds() throws Exception {
    byte[] content = Fixtures.bytes(3_000_000, 4);
    FakeServer.Item item = serve(content);
    item.hasRanges = false;
    item.cutAfter = 1_000_000;
    item.cuts.set(3);
    assertPulled(content);
  }

  @Test
  void pull_connectionsCut_goesOnWhereItWas() throws Exception {
    byte[] content = Fixtures.bytes(12_345_678, 5);
    FakeServer.Item item = serve(content);
    item.cutAfter = 700_000;
    item.cuts.set(12);
    assertPulled(content);
    assertTrue(item.sent.get() < content.length + 12L * 700_000, "bytes were loaded twice");
  }

  @Test
  void pull_serverStalls_givesUpWithReason() throws Exception {
    serve(Fixtures.bytes(5_000_000, 6)).stallAt = 2_500_000;
    HubException e = assertThrows(HubException.class, () -> hastyHub().pull(NAME, events));
    Fixtures.assertSays(e, "no data for 0.6 s");
    assertEquals(List.of(), hub().list());
    // Another day the server is well: what was loaded is still here.
    server.item(FILE).stallAt = -1;
    hub().pull(NAME, events);
    assertTrue(events.of(PullEvent.Started.class).getLast().doneBytes() > 0);
  }

  @Test
  void pull_emptyAndTinyFiles_work() throws Exception {
    serve(new byte[] {7});
    assertPulled(new byte[] {7});
  }

  @Test
  void pull_wrongChecksum_isNeverListed() {
    FakeServer.Item item = serve(Fixtures.bytes(2_000_000, 7));
    byte[] other = Fixtures.bytes(2_000_000, 8);
    item.content = other;
    HubException e = assertThrows(HubException.class, () -> hub().pull(NAME, events));
    Fixtures.assertSays(e, "wrong checksum");
    Fixtures.assertSays(e, Fixtures.sha256(other));
    assertEquals(List.of(), hub().list());
    assertThrows(ModelNotPulledException.class, () -> hub().resolve(NAME));
    assertFalse(Files.exists(root.resolve("home/blobs")), "a wrong file became a blob");
  }

  @Test
  void pull_wrongChecksumOnce_retriesCleanly() throws Exception {
    byte[] content = Fixtures.bytes(2_000_000, 9);
    FakeServer.Item item = serve(content);
    byte[] broken = content.clone();
    broken[1_234_567] ^= 1;
    item.content = broken;
    PullListener mending =
        event -> {
          if (event instanceof PullEvent.Note note && note.text().contains("wrong checksum")) {
            item.content = content;
          }
          events.onEvent(event);
        };
    LocalModel model = hub().pull(NAME, mending);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
  }

  @Test
  void pull_hubNamesAnotherDigest_failsBeforeLoading() {
    FakeServer.Item item = serve(Fixtures.bytes(2_000_000, 10));
    item.headers = Map.of("X-Linked-Etag", "\"" + "0".repeat(64) + "\"");
    HubException e = assertThrows(HubException.class, () -> hub().pull(NAME, events));
    Fixtures.assertSays(e, "another file of this name");
    assertTrue(item.sent.get() <= 1, "loaded " + item.sent.get());
  }

  @Test
  void pull_gated_saysAcceptLicenceAndSetToken() {
    for (int status : new int[] {401, 403}) {
      FakeServer.Item item = serve(Fixtures.bytes(100, 11));
      item.refusal = status;
      item.refusals.set(1000);
      HubException e = assertThrows(HubException.class, () -> hub().pull(NAME, events));
      Fixtures.assertSays(e, "HTTP " + status);
      Fixtures.assertSays(e, "accept the licence");
      Fixtures.assertSays(e, "set HF_TOKEN");
    }
  }

  @Test
  void pull_unknownRepository_saysSo() {
    HubException e =
        assertThrows(HubException.class, () -> hub().pull("hf.co/user/nothing", events));
    Fixtures.assertSays(e, "no such repository");
  }

  @Test
  void pull_unknownQuant_listsWhatThereIs() {
    serve(new byte[10]);
    HubException e =
        assertThrows(HubException.class, () -> hub().pull("hf.co/user/repo:Q2_K", events));
    Fixtures.assertSays(e, "[Q4_K_M, Q8_0]");
  }

  @Test
  void pull_tooManyRequests_waitsAsAskedAndGoesOn() throws Exception {
    byte[] content = Fixtures.bytes(1_000_000, 12);
    FakeServer.Item item = serve(content);
    item.headers = Map.of("Retry-After", "1");
    item.refusal = 429;
    item.refusals.set(2);
    long start = System.nanoTime();
    assertPulled(content);
    assertTrue(System.nanoTime() - start >= 2_000_000_000L, "Retry-After was not kept");
  }

  @Test
  void pull_serverAsksToWaitForAnHour_givesUpAtOnce() {
    FakeServer.Item item = serve(Fixtures.bytes(1000, 13));
    item.headers = Map.of("Retry-After", "3600");
    item.refusal = 503;
    item.refusals.set(1000);
    HubException e = assertThrows(HubException.class, () -> hub().pull(NAME, events));
    Fixtures.assertSays(e, "3600 s");
  }

  @Test
  void pull_redirectToOtherOrigin_tokenStaysHome() throws Exception {
    byte[] content = Fixtures.bytes(6_000_000, 14);
    serve(content).redirect = server.otherAddress() + "/cdn/blob?sig=1";
    server.put("/cdn/blob", content);
    HubConfig config = Fixtures.config(root, server.address(), new HfToken("hf_secret"));
    ModelHub.open(config).pull(NAME, events);
    assertEquals(1, server.requests(FILE), "the redirect is followed once, then remembered");
    assertTrue(server.requests("/cdn/blob") > 2);
    for (FakeServer.Seen request : server.seen) {
      String token = request.header("Authorization");
      if (request.path().equals("/cdn/blob")) {
        assertNull(token, "the token reached another host");
      } else {
        assertEquals("Bearer hf_secret", token);
      }
    }
  }

  @Test
  void pull_signedAddressExpires_isFetchedAnew() throws Exception {
    byte[] content = Fixtures.bytes(10_000_000, 15);
    serve(content).redirect = server.otherAddress() + "/cdn/first";
    FakeServer.Item first = server.put("/cdn/first", content);
    server.put("/cdn/second", content);
    first.cutAfter = 300_000;
    first.cuts.set(4);
    PullListener expiring =
        event -> {
          if (event instanceof PullEvent.Started) {
            first.refusal = 403;
            first.refusals.set(1000);
            server.item(FILE).redirect = server.otherAddress() + "/cdn/second";
          }
        };
    LocalModel model = hub().pull(NAME, expiring);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
  }

  @Test
  void pull_redirectLoop_fails() {
    serve(new byte[10]).redirect = FILE;
    HubException e = assertThrows(HubException.class, () -> hub().pull(NAME, events));
    Fixtures.assertSays(e, "too many redirects");
  }

  @Test
  void pull_sizeChangedBetweenTries_startsAnew() throws Exception {
    serve(Fixtures.bytes(9_000_000, 16)).stallAt = 4_000_000;
    assertThrows(HubException.class, () -> hastyHub().pull(NAME, events));
    byte[] content = Fixtures.bytes(8_000_000, 17);
    serve(content);
    LocalModel model = hub().pull(NAME, events);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
    assertEquals(0, events.of(PullEvent.Started.class).getLast().doneBytes());
  }

  @Test
  void pull_noDigestAndEtagChanged_startsAnew() throws Exception {
    byte[] content = Fixtures.bytes(9_000_000, 18);
    FakeServer.Item item = plain(content, "v1");
    item.stallAt = 4_000_000;
    assertThrows(HubException.class, () -> hastyHub().pull(NAME, events));
    byte[] newer = Fixtures.bytes(9_000_000, 19);
    item.content = newer;
    item.etag = "v2";
    item.stallAt = -1;
    assertPulled(newer);
    assertEquals(0, events.of(PullEvent.Started.class).getLast().doneBytes());
  }

  @Test
  void pull_noDigestAndSameEtag_resumes() throws Exception {
    byte[] content = Fixtures.bytes(9_000_000, 20);
    FakeServer.Item item = plain(content, "v1");
    item.stallAt = 4_000_000;
    assertThrows(HubException.class, () -> hastyHub().pull(NAME, events));
    item.stallAt = -1;
    assertPulled(content);
    assertTrue(events.of(PullEvent.Started.class).getLast().doneBytes() > 0);
  }

  /** A server that knows neither sizes nor digests in its listing. */
  private FakeServer.Item plain(byte[] content, String etag) {
    server.put("/api/models/user/repo", "{\"siblings\":[{\"rfilename\":\"m-Q4_K_M.gguf\"}]}");
    FakeServer.Item item = server.put(FILE, content);
    item.etag = etag;
    return item;
  }

  @Test
  void pull_interrupted_stopsSoonAndResumes() throws Exception {
    byte[] content = Fixtures.bytes(16_000_000, 21);
    FakeServer.Item item = serve(content);
    item.pauseMillis = 20;
    Thread puller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                hub().pull(NAME, PullListener.silent());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (item.sent.get() < 8_000_000) {
      Thread.sleep(10);
    }
    puller.interrupt();
    puller.join();
    assertTrue(item.sent.get() < content.length, "the pull ran to its end");
    assertEquals(List.of(), hub().list());
    item.pauseMillis = 0;
    assertPulled(content);
    long kept = events.of(PullEvent.Started.class).getLast().doneBytes();
    assertTrue(kept >= 2_000_000, "kept only " + kept);
  }

  @Test
  void pull_safetensorsRepository_makesFolder() throws Exception {
    byte[] weights = Fixtures.bytes(3_000_000, 22);
    server.repo(
        "user/st",
        Map.of(
            "config.json", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "tokenizer.json", Fixtures.bytes(500, 23),
            "model.safetensors", weights,
            "pytorch_model.bin", Fixtures.bytes(100, 24),
            "onnx/model.onnx", Fixtures.bytes(100, 25)));
    LocalModel model = hub().pull("hf.co/user/st", events);
    assertTrue(model.isFolder());
    assertArrayEquals(weights, Files.readAllBytes(model.path().resolve("model.safetensors")));
    try (Stream<Path> files = Files.list(model.path())) {
      assertEquals(
          Set.of("config.json", "tokenizer.json", "model.safetensors"),
          files.map(f -> f.getFileName().toString()).collect(java.util.stream.Collectors.toSet()));
    }
    assertNull(model.sha256());
  }

  @Test
  void pull_splitGguf_keepsPartsSideBySide() throws Exception {
    byte[] one = Fixtures.bytes(1_000_000, 26);
    byte[] two = Fixtures.bytes(900_000, 27);
    server.repo(
        "user/split",
        Map.of(
            "Q8_0/big-Q8_0-00001-of-00002.gguf", one,
            "Q8_0/big-Q8_0-00002-of-00002.gguf", two));
    LocalModel model = hub().pull("hf.co/user/split:q8_0", events);
    assertEquals("big-Q8_0-00001-of-00002.gguf", model.path().getFileName().toString());
    assertArrayEquals(one, Files.readAllBytes(model.path()));
    assertArrayEquals(
        two, Files.readAllBytes(model.path().resolveSibling("big-Q8_0-00002-of-00002.gguf")));
    assertEquals(1_900_000, model.bytes());
    assertEquals(model.path(), hub().resolve("hf.co/user/split:Q8_0").path());
  }

  @Test
  void pull_splitWithMissingPart_fails() {
    server.repo("user/split", Map.of("big-Q8_0-00001-of-00002.gguf", new byte[10]));
    HubException e =
        assertThrows(HubException.class, () -> hub().pull("hf.co/user/split:Q8_0", events));
    Fixtures.assertSays(e, "part of a split model is missing");
  }

  @Test
  void pull_hostileFileName_isRefused() {
    for (String name : List.of("../../evil-Q4_K_M.gguf", "con-Q4_K_M.gguf/../x-Q4_K_M.gguf")) {
      server.repo("user/evil", Map.of(name, new byte[10]));
      assertThrows(HubException.class, () -> hub().pull("hf.co/user/evil:Q4_K_M", events));
    }
    server.repo("user/evil", Map.of("a/NUL.Q4_K_M.gguf", new byte[10]));
    HubException e =
        assertThrows(HubException.class, () -> hub().pull("hf.co/user/evil:Q4_K_M", events));
    Fixtures.assertSays(e, "not safe");
    assertFalse(Files.exists(root.resolve("evil-Q4_K_M.gguf")));
    assertEquals(List.of(), hub().list());
  }

  @Test
  void pull_smallGitFile_isCheckedByGitsDigest() throws Exception {
    byte[] config = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    // git hash-object of "{}": a known value.
    String listing =
        "{\"siblings\":[{\"rfilename\":\"config.json\",\"size\":2,\"blobId\":\"%s\"},"
            + "{\"rfilename\":\"model.safetensors\",\"size\":3}]}";
    server.put("/user/st/resolve/main/config.json", config);
    server.put("/user/st/resolve/main/model.safetensors", new byte[3]);
    server.put(
        "/api/models/user/st", listing.formatted("9e26dfeeb6e641a33dae4961196235bdb965b21b"));
    assertNotNull(hub().pull("hf.co/user/st", events));
    hub().remove("hf.co/user/st");
    server.put(
        "/api/models/user/st", listing.formatted("9e26dfeeb6e641a33dae4961196235bdb965b21c"));
    HubException e = assertThrows(HubException.class, () -> hub().pull("hf.co/user/st", events));
    Fixtures.assertSays(e, "wrong checksum");
  }

  @Test
  void pull_onlyTreeListing_works() throws Exception {
    byte[] content = Fixtures.bytes(100_000, 30);
    server.put(FILE, content);
    server.put(
        "/api/models/user/repo/tree/main",
        ("[{\"type\":\"directory\",\"path\":\"x\"},{\"type\":\"file\",\"path\":\"m-Q4_K_M.gguf\","
                + "\"size\":%d,\"oid\":\"%s\",\"lfs\":{\"oid\":\"%s\"}}]")
            .formatted(content.length, "0".repeat(40), Fixtures.sha256(content)));
    assertPulled(content);
  }

  @Test
  void pull_noListingButFileNamed_works() throws Exception {
    byte[] content = Fixtures.bytes(100_000, 31);
    server.put(FILE, content);
    LocalModel model = hub().pull("hf.co/user/repo:m-Q4_K_M.gguf", events);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
  }

  @Test
  void pull_rangeEndIgnored_stillWorks() throws Exception {
    byte[] content = Fixtures.bytes(9_000_000, 32);
    serve(content).ignoresRangeEnd = true;
    assertPulled(content);
  }

  @Test
  void pull_twoThreadsAtOnce_loadOnce() throws Exception {
    byte[] content = Fixtures.bytes(4_000_000, 33);
    FakeServer.Item item = serve(content);
    item.pauseMillis = 20;
    ModelHub hub = hub();
    java.util.concurrent.Callable<LocalModel> pull = () -> hub.pull(NAME, PullListener.silent());
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(pull);
      var second = threads.submit(pull);
      assertEquals(first.get().path(), second.get().path());
    }
    assertEquals(content.length + 1, item.sent.get(), "loaded twice");
  }

  @Test
  void pull_offline_touchesNothing() {
    serve(new byte[10]);
    HubConfig config = Fixtures.config(root, server.address(), null).withOffline(true);
    HubException e =
        assertThrows(HubException.class, () -> ModelHub.open(config).pull(NAME, events));
    Fixtures.assertSays(e, "network is off");
    assertEquals(0, server.seen.size());
  }

  @Test
  void pull_nobodyListens_saysWhichHost() {
    URI nobody = URI.create("http://127.0.0.1:1");
    ModelHub hub = ModelHub.open(Fixtures.config(root, nobody, null));
    HubException e = assertThrows(HubException.class, () -> hub.pull(NAME, events));
    Fixtures.assertSays(e, "cannot reach 127.0.0.1");
  }

  @Test
  void pull_modelScope_listsAndLoads() throws Exception {
    byte[] content = Fixtures.bytes(2_500_000, 28);
    server.put(
        "/api/v1/models/user/repo/repo/files",
        ("{\"Code\":200,\"Data\":{\"Files\":[{\"Type\":\"tree\",\"Path\":\"x\"},"
                + "{\"Type\":\"blob\",\"Path\":\"m-Q8_0.gguf\",\"Size\":%d,\"Sha256\":\"%s\"}]}}")
            .formatted(content.length, Fixtures.sha256(content)));
    server.put("/models/user/repo/resolve/master/m-Q8_0.gguf", content);
    LocalModel model = hub().pull("modelscope.cn/user/repo", events);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
    assertEquals("ModelScope user/repo", model.origin().detail());
  }

  @Test
  void pull_ollamaRegistry_takesModelLayer() throws Exception {
    byte[] content = Fixtures.bytes(2_500_000, 29);
    String sha256 = Fixtures.sha256(content);
    server.put(
        "/v2/library/tiny/manifests/1b",
        ("{\"schemaVersion\":2,\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.license\","
                + "\"digest\":\"sha256:00\",\"size\":1},{\"mediaType\":"
                + "\"application/vnd.ollama.image.model\",\"digest\":\"sha256:%s\",\"size\":%d}]}")
            .formatted(sha256, content.length));
    server.put("/v2/library/tiny/blobs/sha256:" + sha256, content);
    LocalModel model = hub().pull("ollama/tiny:1b", events);
    assertArrayEquals(content, Files.readAllBytes(model.path()));
    assertEquals(sha256, model.sha256());
  }
}
