package dev.nearside.serve.reply;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several replies to one request, generated at the same time. */
public final class Several {
  /** One of the replies. */
  public interface Task<T> {
    T run(int index) throws Exception;
  }

  private Several() {}

  /** The same request so many times; with a seed, each has its own. */
  public static List<ChatRequest> of(ChatRequest request, int count) {
    List<ChatRequest> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add(request.withGeneration(nth(request.generation(), i)));
    }
    return out;
  }

  public static Generation nth(Generation generation, int index) {
    Long seed = generation.sampling().seed();
    return seed == null || index == 0
        ? generation
        : generation.withSampling(generation.sampling().toBuilder().seed(seed + index).build());
  }

  /** Runs the tasks at once; the first that fails ends all. */
  public static <T> List<T> run(int count, Task<T> task) throws Exception {
    if (count == 1) {
      return List.of(task.run(0));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        running.add(threads.submit(() -> task.run(index)));
      }
      try {
        List<T> out = new ArrayList<>();
        for (Future<T> one : running) {
          out.add(one.get());
        }
        return out;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      } finally {
        running.forEach(one -> one.cancel(true));
      }
    }
  }
}
