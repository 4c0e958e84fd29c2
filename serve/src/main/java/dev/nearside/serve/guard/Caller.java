package dev.nearside.serve.guard;

import dev.nearside.base.Fault;
import dev.nearside.chat.Usage;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.keys.ApiKey;
import dev.nearside.serve.keys.Scope;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Who asks, and what the asking has cost so far. */
public final class Caller {
  /** Whoever the running request is of. */
  public static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

  private final @Nullable ApiKey key;
  private final Allowance allowance;
  private final Admission admission;
  private final AtomicInteger prompt = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private volatile String model = "";

  Caller(@Nullable ApiKey key, Allowance allowance, Admission admission) {
    this.key = key;
    this.allowance = allowance;
    this.admission = admission;
  }

  /** The id of the key that the running request came with; empty without one. */
  public static String currentId() {
    ApiKey key = CURRENT.isBound() ? CURRENT.get().key : null;
    return key == null ? "" : key.id();
  }

  /** Whether the running request may do what touches others: no keys are in use, or it has all. */
  public static boolean isTrusted() {
    ApiKey key = CURRENT.isBound() ? CURRENT.get().key : null;
    return key == null || key.allows(Scope.ADMIN);
  }

  /**
   * Looks whether the caller may do this, and counts the request.
   *
   * @throws HttpProblem when the key has not this scope, or its quota is used up
   */
  void enter(Scope scope, Exchange exchange) {
    if (key == null) {
      return;
    }
    if (!key.allows(scope)) {
      throw HttpProblem.of(
          HttpProblem.Kind.FORBIDDEN,
          Fault.of("the API key '" + key.name() + "' does not allow this")
              .expected("a key with scope " + scope.wireName()));
    }
    allowance.take(key.quota(), exchange);
  }

  /**
   * Counts replies that one request asks for: each is a request to the limit of the minute.
   *
   * @param field of the request, that asks for so many
   * @throws HttpProblem when so many are not left, or never will be
   */
  public void takeReplies(String field, int count) {
    if (key != null) {
      allowance.takeMore(key.quota(), field, count - 1);
    }
  }

  /** Takes a further place, if one is free and nobody waits for it. */
  public boolean tryEnter() {
    return admission.tryEnter();
  }

  /** How many places one request may have besides its own. */
  public int maxMore() {
    return admission.maxMore();
  }

  /** Gives back what {@link #tryEnter} took. */
  public void leave() {
    admission.leave();
  }

  /** Whether others wait for a place. */
  public boolean isWaitedFor() {
    return admission.waiting() > 0;
  }

  /** Whose computed prompts are shared: those of a key that has not all rights are its own. */
  public String owner() {
    return key == null || key.allows(Scope.ADMIN) ? "" : key.id();
  }

  /** The key's name; empty without one. */
  public String name() {
    return key == null ? "" : key.name();
  }

  /** The model that was asked for; empty before that. */
  public String model() {
    return model;
  }

  /** Notes the model. */
  public void uses(String name) {
    model = name;
  }

  /** Notes what a reply took. */
  public void pay(Usage usage) {
    prompt.addAndGet(usage.promptTokens());
    written.addAndGet(usage.completionTokens());
    allowance.pay(usage.promptTokens() + (long) usage.completionTokens());
  }

  int promptTokens() {
    return prompt.get();
  }

  int writtenTokens() {
    return written.get();
  }
}
