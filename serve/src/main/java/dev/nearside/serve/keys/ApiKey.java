package dev.nearside.serve.keys;

import java.time.Instant;
import java.util.Set;

/**
 * A key as the file has it.
 *
 * @param id what the key begins with; it finds the entry and opens nothing
 * @param name for people; one key has it
 * @param salt hex
 * @param hash hex SHA-256 of salt and key. The key holds 256 random bits: there is nothing to guess
 *     that a slow hash would protect
 * @param scopes what it may be used for
 */
public record ApiKey(
    String id,
    String name,
    String salt,
    String hash,
    Set<Scope> scopes,
    Quota quota,
    Instant created) {
  /**
   * How much it may be used.
   *
   * @param requestsPerMinute 0 = as often as one likes
   * @param tokensPerDay of prompts and replies, per day of UTC; 0 = as many as one likes
   */
  public record Quota(int requestsPerMinute, long tokensPerDay) {
    public static final Quota NONE = new Quota(0, 0);
  }

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  /** Whether it allows this; {@link Scope#ADMIN} allows everything. */
  public boolean allows(Scope scope) {
    return scope == Scope.OPEN || scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }
}
