package dev.nearside.serve.reply;

import dev.nearside.serve.guard.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work off the replies of one request: one in the place that the request has, and one
 * in each further place that is free. These give theirs back as soon as others wait for one.
 */
final class Team<T> {
  private final int count;
  private final Several.Task<T> task;
  private final @Nullable Caller caller;
  private final AtomicInteger next = new AtomicInteger();
  private final TreeMap<Integer, T> done = new TreeMap<>(); // by index
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Throwable failure;

  Team(int count, Several.Task<T> task, @Nullable Caller caller) {
    this.count = count;
    this.task = task;
    this.caller = caller;
  }

  List<T> run() throws Exception {
    start(() -> work(null));
    if (caller != null) {
      int more = Math.min(count - 1, caller.maxMore());
      for (int i = 0; i < more && caller.tryEnter(); i++) {
        startInPlace(caller);
      }
    }
    awaitAll();
    return results();
  }

  // A thread that was started always gives its place back; so does one that could not be.
  private void startInPlace(Caller placed) {
    try {
      start(() -> {
        try {
          work(placed);
        } finally {
          placed.leave();
        }
      });
    } catch (RuntimeException | Error e) {
      placed.leave();
      fail(e);
    }
  }

  private synchronized void start(Runnable work) {
    threads.add(Thread.ofPlatform().name("nearside-reply").daemon().start(work));
  }

  private void work(@Nullable Caller placed) {
    try {
      boolean isWelcome = true;
      while (isWelcome && !hasFailed()) {
        int index = next.getAndIncrement();
        if (index >= count) {
          return;
        }
        add(index, task.run(index));
        isWelcome = placed == null || !placed.isWaitedFor();
      }
    } catch (Exception | Error e) {
      fail(e);
    }
  }

  private synchronized void add(int index, T result) {
    done.put(index, result);
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  // The first failure is the one that is told: the others come of the interrupts.
  private synchronized void fail(Throwable why) {
    if (failure == null) {
      failure = why;
      threads.forEach(Thread::interrupt);
    }
  }

  private void awaitAll() {
    List<Thread> all;
    synchronized (this) {
      all = List.copyOf(threads);
    }
    for (Thread thread : all) {
      boolean isOver = false;
      while (!isOver) {
        try {
          thread.join();
          isOver = true;
        } catch (InterruptedException e) {
          fail(e);
        }
      }
    }
  }

  private synchronized List<T> results() throws Exception {
    switch (failure) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
    return List.copyOf(done.values());
  }
}
