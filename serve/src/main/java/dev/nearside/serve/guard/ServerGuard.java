package dev.nearside.serve.guard;

import dev.nearside.base.Fault;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.ServerProof;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Guard;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Runs;
import dev.nearside.serve.keys.ApiKey;
import dev.nearside.serve.keys.KeyRing;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.metrics.ServerMetrics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All that stands around the endpoints, in the order in which a request meets it. */
public final class ServerGuard implements Guard, AutoCloseable {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");
  private static final String BEARER = "bearer ";

  private final Origins origins;
  private final @Nullable KeyRing keys;
  private final @Nullable String token;
  private final boolean needsKey;
  private final Admission admission;
  private final Runs runs;
  private final ServerMetrics metrics;
  private final @Nullable AccessLog log;
  private final Clock clock;
  private final Allowances allowances;

  /** What is known of a request besides itself. */
  private static final class Note {
    private final String requestId;
    private Caller caller;

    Note(String requestId, Caller caller) {
      this.requestId = requestId;
      this.caller = caller;
    }
  }

  public ServerGuard(ServerOptions options, Runs runs, ServerMetrics metrics, Clock clock) {
    ServerOptions.Access access = options.access();
    this.origins = new Origins(options.isLoopback(), access.hosts(), access.cors());
    this.keys = access.keys();
    this.token = access.token();
    this.needsKey = !options.isLoopback() && !access.isInsecure();
    this.admission = new Admission(options.limits().maxRunning(), options.limits().maxWaiting());
    this.runs = runs;
    this.metrics = metrics;
    this.log = options.requestLog() == null ? null : new AccessLog(options.requestLog(), clock);
    this.clock = clock;
    this.allowances =
        new Allowances(keys == null ? null : keys.usage(), clock, Allowances.SAVE_MILLIS);
  }

  /** Requests that work now. */
  public int running() {
    return admission.running();
  }

  /** Requests that wait for their turn. */
  public int waiting() {
    return admission.waiting();
  }

  @Override
  public boolean arrive(Exchange exchange) throws Exception {
    String asked = exchange.header("x-request-id");
    String id =
        asked != null && REQUEST_ID.matcher(asked).matches()
            ? asked
            : "req_" + UUID.randomUUID().toString().replace("-", "");
    exchange.setHeader("x-request-id", id);
    exchange.setNote(new Note(id, nobody()));
    prove(exchange);
    boolean isAnswered = origins.check(exchange);
    if (!isAnswered && runs.isDraining()) {
      throw Runs.closing();
    }
    return isAnswered;
  }

  private void prove(Exchange exchange) {
    String challenge = exchange.header(ServerProof.CHALLENGE);
    String proof =
        challenge == null || token == null
            ? null
            : ServerProof.of(token, challenge, exchange.ownCertificate());
    if (proof != null) {
      exchange.setHeader(ServerProof.PROOF, proof);
    }
  }

  @Override
  public void pass(Exchange exchange, Endpoint endpoint) throws Exception {
    Caller caller = identify(exchange, endpoint.scope());
    if (exchange.note() instanceof Note note) {
      note.caller = caller;
    }
    caller.enter(endpoint.scope(), exchange);
    if (!endpoint.isWork()) {
      answer(exchange, endpoint, caller);
      return;
    }
    exchange.body(); // who sends slowly, or nothing, holds no place
    admission.enter();
    try {
      // Templates, tokenizers and grammars may compute for long, and virtual threads give way to no
      // other: two of them would stop everybody's requests on a machine of two cores.
      OwnThread.run(() -> answer(exchange, endpoint, caller));
    } finally {
      admission.leave();
    }
  }

  private static void answer(Exchange exchange, Endpoint endpoint, Caller caller) throws Exception {
    ScopedValue.where(Caller.CURRENT, caller)
        .call(() -> {
          endpoint.handle(exchange);
          return true;
        });
  }

  private Caller identify(Exchange exchange, Scope scope) {
    boolean isAsked = needsKey || (keys != null && keys.isAsked());
    if (scope == Scope.OPEN || !isAsked) {
      return nobody();
    }
    String given = given(exchange);
    if (given == null) {
      throw unauthorized(exchange, Fault.of("an API key is needed"));
    }
    if (token != null && MessageDigest.isEqual(bytes(token), bytes(given))) {
      return nobody();
    }
    ApiKey key = keys == null ? null : keys.find(given).orElse(null);
    if (key == null) {
      throw unauthorized(exchange, Fault.of("no such API key"));
    }
    return new Caller(key, allowances.of(key.id()), admission);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Never of the address: addresses end up in logs.
  private static @Nullable String given(Exchange exchange) {
    String bearer = exchange.header("Authorization");
    if (bearer != null && bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return bearer.substring(BEARER.length()).strip();
    }
    String other = exchange.header("x-api-key");
    return other == null ? null : other.strip();
  }

  private static HttpProblem unauthorized(Exchange exchange, Fault fault) {
    exchange.setHeader("WWW-Authenticate", "Bearer realm=\"nearside\"");
    return HttpProblem.of(
        HttpProblem.Kind.UNAUTHORIZED,
        fault.hint("Send it as 'Authorization: Bearer …' or 'x-api-key'."));
  }

  private Caller nobody() {
    return new Caller(null, new Allowance(clock), admission);
  }

  /** Keeps what keys have used. */
  @Override
  public void close() {
    allowances.close();
  }

  @Override
  public void left(Exchange exchange, @Nullable String path, long nanos) {
    metrics.answered(exchange.method(), path, exchange.responseStatus(), nanos);
    if (log != null && exchange.note() instanceof Note note) {
      log.write(exchange, note.caller, note.requestId, nanos);
    }
  }
}
