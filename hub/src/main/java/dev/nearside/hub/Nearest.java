package dev.nearside.hub;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that look alike, for "did you mean". */
final class Nearest {

  private static final int MAX_NAMES = 5;
  private static final int MAX_LENGTH = 128;

  private Nearest() {}

  /** At most five of {@code names}, nearest first; none that is nothing like {@code wanted}. */
  static List<String> of(String wanted, Collection<String> names) {
    String key = wanted.toLowerCase(Locale.ROOT);
    if (key.isBlank() || key.length() > MAX_LENGTH) {
      return List.of();
    }
    int limit = Math.max(2, key.length() / 2);
    return names.stream()
        .distinct()
        .filter(name -> distance(key, name) <= limit)
        .sorted(
            Comparator.<String>comparingInt(name -> distance(key, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MAX_NAMES)
        .toList();
  }

  /** Edits between the two; a name that begins with what was typed is close whatever follows. */
  private static int distance(String key, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(key)) {
      return 1;
    }
    if (key.startsWith(lower)) {
      return 2;
    }
    String family = lower.contains(":") ? lower.substring(0, lower.indexOf(':')) : lower;
    return Math.min(edits(key, lower), edits(key, family) + 1);
  }

  /** Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
