package dev.nearside.serve;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ScriptedModels.send;
import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {
  private static final String CHAT =
      "{\"model\": \"fake:1b\", \"stream\": false, \"messages\": [{\"role\": \"user\","
          + " \"content\": \"x\"}]}";

  private static CompletableFuture<ServerUnderTest.Answer> later(ServerUnderTest server) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return server.post("/api/chat", CHAT);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static ServerOptions draining(long millis) {
    return ServerOptions.DEFAULTS.withLimits(
        ServerOptions.Limits.DEFAULTS.withTimes(60_000, 30_000, millis));
  }

  @Test
  void runningReply_ends_whileNewOnesAreRefused(@TempDir Path home) throws Exception {
    ServerUnderTest server = new ServerUnderTest(home, draining(10_000));
    CountDownLatch go = new CountDownLatch(1);
    server.models.script =
        (request, sink) -> {
          go.await();
          send(sink, new ChatEvent.Text("whole"));
          return end(FinishReason.STOP);
        };
    CompletableFuture<ServerUnderTest.Answer> running = later(server);
    assertTrue(eventually(() -> server.models.running.get() == 1));
    Thread closing = Thread.ofVirtual().start(server.server::close);
    assertTrue(eventually(() -> refuses(server)));
    ServerUnderTest.Answer refused = server.get("/health");
    assertEquals(503, refused.status());
    assertTrue(refused.body().contains("draining"), refused.body());
    assertEquals("5", refused.header("retry-after"));
    go.countDown();
    assertEquals(
        "whole", running.get(10, TimeUnit.SECONDS).json().at("/message/content").asString());
    closing.join(10_000);
    assertTrue(!closing.isAlive(), "stopped");
  }

  private static boolean refuses(ServerUnderTest server) {
    try {
      return server.get("/api/version").status() == 503;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  @Test
  void replyThatDoesNotEnd_isCancelled_andAnswered503(@TempDir Path home) throws Exception {
    ServerUnderTest server = new ServerUnderTest(home, draining(300));
    server.models.script =
        (request, sink) -> {
          Thread.sleep(60_000);
          return end(FinishReason.STOP);
        };
    CompletableFuture<ServerUnderTest.Answer> running = later(server);
    assertTrue(eventually(() -> server.models.running.get() == 1));
    long began = System.nanoTime();
    server.server.close();
    assertTrue(System.nanoTime() - began < 5_000_000_000L);
    assertEquals(503, running.get(5, TimeUnit.SECONDS).status());
    assertEquals(1, server.models.cancelled.get());
    server.assertNoLease();
  }
}
