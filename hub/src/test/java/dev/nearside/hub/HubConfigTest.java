package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the environment means. */
class HubConfigTest {

  @TempDir Path home;

  private HubConfig config(Map<String, String> env) {
    return HubConfig.fromEnvironment(env, home);
  }

  @Test
  void environment_empty_givesDefaults() {
    HubConfig config = config(Map.of());
    assertEquals(home.resolve(".nearside"), config.home());
    assertEquals(URI.create("https://huggingface.co"), config.endpoints().huggingFace());
    assertNull(config.endpoints().hfToken());
    assertEquals(home.resolve(".cache/huggingface/hub"), config.caches().huggingFaceHub());
    assertEquals(home.resolve(".ollama/models"), config.caches().ollamaModels());
    assertFalse(config.isOffline());
    assertEquals(5, config.network().timeouts().connect().toSeconds());
  }

  @Test
  void environment_set_isTaken() {
    HubConfig config =
        config(
            Map.of(
                "NEARSIDE_HOME",
                "/n",
                "HF_ENDPOINT",
                "http://127.0.0.1:9/",
                "HF_TOKEN",
                " hf_x ",
                "HF_HOME",
                "/hf",
                "OLLAMA_MODELS",
                "/o",
                "NEARSIDE_OFFLINE",
                "1",
                "https_proxy",
                "u:pw@proxy:3128",
                "NO_PROXY",
                "a,b",
                "SSL_CERT_FILE",
                "/ca.pem"));
    assertEquals(Path.of("/n"), config.home());
    assertEquals(URI.create("http://127.0.0.1:9"), config.endpoints().huggingFace());
    assertEquals(Path.of("/hf/hub"), config.caches().huggingFaceHub());
    assertEquals(Path.of("/o"), config.caches().ollamaModels());
    assertTrue(config.isOffline());
    assertEquals(URI.create("http://u:pw@proxy:3128"), config.network().httpsProxy());
    assertNull(config.network().httpProxy());
    assertEquals(Path.of("/ca.pem"), config.network().caFile());
    HfToken token = config.endpoints().hfToken();
    assertNotNull(token);
    assertEquals("Bearer hf_x", token.header());
    assertFalse(config.toString().contains("hf_x"), "the token would reach a log");
    assertFalse(config.network().toString().contains("pw"), "the password would reach a log");
  }

  @Test
  void offline_zeroOrFalse_isOff() {
    assertFalse(config(Map.of("NEARSIDE_OFFLINE", "0")).isOffline());
    assertFalse(config(Map.of("HF_HUB_OFFLINE", "false")).isOffline());
    assertTrue(config(Map.of("HF_HUB_OFFLINE", "true")).isOffline());
  }

  @Test
  void token_fileOfLogin_isRead() throws Exception {
    Files.writeString(home.resolve("token"), "hf_file\n");
    HfToken token = config(Map.of("HF_HOME", home.toString())).endpoints().hfToken();
    assertNotNull(token);
    assertEquals("Bearer hf_file", token.header());
  }

  @Test
  void values_wrong_nameTheirVariable() {
    for (String[] pair :
        new String[][] {
          {"HF_ENDPOINT", "ftp://x"},
          {"HF_ENDPOINT", "http://"},
          {"HF_ENDPOINT", "a b"},
          {"HF_TOKEN", "a\nX: y"},
          {"NEARSIDE_HOME", "a\u0000"}
        }) {
      HubException e =
          assertThrows(HubException.class, () -> config(Map.of(pair[0], pair[1])), pair[1]);
      Fixtures.assertSays(e, pair[0]);
    }
  }
}
