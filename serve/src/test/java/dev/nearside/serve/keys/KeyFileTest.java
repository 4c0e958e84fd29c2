package dev.nearside.serve.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path home;

  private KeySecret add(String name, Scope... scopes) {
    KeySecret secret = KeySecret.create(RANDOM);
    file()
        .add(
            secret.entry(
                name, Set.of(scopes), new ApiKey.Quota(3, 100), RANDOM, Instant.EPOCH));
    return secret;
  }

  private KeyFile file() {
    return new KeyFile(home.resolve("sub").resolve("keys.json"));
  }

  @Test
  void key_isFoundByItsTextAlone_andTheFileDoesNotGiveItAway() throws Exception {
    KeySecret secret = add("laptop", Scope.CHAT, Scope.READ);
    KeyRing ring = new KeyRing(file());
    ApiKey found = ring.find(secret.text()).orElseThrow();
    assertEquals("laptop", found.name());
    assertEquals(new ApiKey.Quota(3, 100), found.quota());
    assertTrue(found.allows(Scope.CHAT));
    assertFalse(found.allows(Scope.ADMIN));
    String text = Files.readString(file().path());
    assertFalse(text.contains(secret.text().substring(17)), "the secret is not in the file");
    assertFalse(secret.toString().contains(secret.text().substring(17)));
    String last = secret.text().substring(0, secret.text().length() - 1);
    assertTrue(ring.find(last + (secret.text().endsWith("A") ? "B" : "A")).isEmpty());
    assertTrue(ring.find(last).isEmpty());
    assertTrue(ring.find("").isEmpty());
    assertTrue(ring.find("nsk-" + secret.id() + "-").isEmpty());
  }

  @Test
  void file_isForItsOwnerAlone() throws Exception {
    add("a", Scope.CHAT);
    add("b", Scope.CHAT);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file().path())));
  }

  @Test
  void change_isSeenByARingThatRuns() {
    KeyRing ring = new KeyRing(file());
    assertTrue(ring.isEmpty());
    KeySecret secret = add("a", Scope.ADMIN);
    assertTrue(ring.find(secret.text()).isPresent());
    file().remove("a");
    assertTrue(ring.find(secret.text()).isEmpty());
    assertTrue(ring.isEmpty());
  }

  @Test
  void damagedFile_stopsAStart_butNotAServerThatRuns() throws Exception {
    KeySecret secret = add("a", Scope.CHAT);
    KeyRing ring = new KeyRing(file());
    for (String damage : List.of("", "{", "{\"schema\": 2}", "{\"schema\":1,\"keys\":[{}]}")) {
      Files.writeString(file().path(), damage);
      assertThrows(KeyException.class, () -> new KeyRing(file()));
      assertTrue(ring.find(secret.text()).isPresent(), damage);
    }
  }

  @Test
  void names_areTakenOnce_andUnknownOnesAreSaid() {
    add("a", Scope.CHAT);
    assertThrows(KeyException.class, () -> add("a", Scope.CHAT));
    assertThrows(KeyException.class, () -> file().remove("b"));
    assertEquals(1, file().list().size());
  }

  @Test
  void manyWriters_loseNothing() throws Exception {
    List<Thread> writers =
        IntStream.range(0, 8)
            .mapToObj(i -> Thread.ofPlatform().unstarted(() -> add("k" + i, Scope.CHAT)))
            .toList();
    synchronizedStart(writers);
    assertEquals(8, file().list().size());
  }

  private static void synchronizedStart(List<Thread> threads) throws InterruptedException {
    threads.forEach(Thread::start);
    for (Thread t : threads) {
      t.join();
    }
  }
}
