package dev.nearside.serve.reply;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.serve.guard.Caller;
import java.util.ArrayList;
import java.util.List;

/** Several replies to one request. */
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

  /**
   * Runs the tasks, as many at a time as there are places for; the first that fails ends all. Each
   * counts as a request.
   *
   * @param field of the request, that asks for so many
   */
  public static <T> List<T> run(String field, int count, Task<T> task) throws Exception {
    if (count == 1) {
      return List.of(task.run(0));
    }
    Caller caller = Caller.CURRENT.isBound() ? Caller.CURRENT.get() : null;
    if (caller != null) {
      caller.takeReplies(field, count);
    }
    return new Team<>(count, task, caller).run();
  }
}
