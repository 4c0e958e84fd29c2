package dev.nearside.hub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One holder at a time, whether threads or processes ask. */
@Timeout(300)
class FileLocksTest {

  @TempDir Path folder;

  @Test
  void tryLock_heldByThisProcess_isBusyUntilClosed() {
    FileLocks locks = new FileLocks(folder);
    FileLocks.Held held = locks.tryLock("a");
    assertNotNull(held);
    assertNull(new FileLocks(folder).tryLock("a"));
    FileLocks.Held other = locks.tryLock("b");
    assertNotNull(other);
    other.close();
    held.close();
    FileLocks.Held again = locks.tryLock("a");
    assertNotNull(again);
    again.close();
  }

  @Test
  void lock_askedAgainInThisProcess_staysHeldForOthers() throws Exception {
    FileLocks locks = new FileLocks(folder);
    FileLocks.Held held = locks.tryLock("a");
    assertNotNull(held);
    // A second channel, opened and closed, would free the lock for other processes.
    assertNull(locks.tryLock("a"));
    assertEquals("busy", askFromAnotherProcess());
    held.close();
    assertEquals("free", askFromAnotherProcess());
  }

  private String askFromAnotherProcess() throws Exception {
    Path source = folder.resolve("Ask.java");
    Files.writeString(
        source,
        """
        import java.nio.channels.*;
        import java.nio.file.*;
        public class Ask {
          public static void main(String[] args) throws Exception {
            try (FileChannel channel =
                FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
              System.out.print(channel.tryLock() == null ? "busy" : "free");
            }
          }
        }
        """);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                source.toString(),
                folder.resolve("a.lock").toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!process.waitFor(200, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return Files.readString(out);
  }
}
