package dev.nearside.hub.store;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The local disk is at fault: full, read-only, damaged. Another source would not help. */
public final class StoreException extends HubException {
  private static final long serialVersionUID = 1L;

  public StoreException(Fault fault) {
    this(fault, null);
  }

  public StoreException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }

  /** Says what {@code e} means for someone whose disk it is. */
  public static StoreException of(String what, Path where, IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left") || message.contains("not enough space")) {
      return diskFull(where, "no space left", e);
    }
    if (e instanceof AccessDeniedException || message.contains("read-only file system")) {
      return new StoreException(
          Fault.of(what)
              .got("access denied")
              .where(where)
              .hint("Set NEARSIDE_HOME to a folder that may be written"),
          e);
    }
    return new StoreException(Fault.of(what).got(String.valueOf(e.getMessage())).where(where), e);
  }

  static StoreException diskFull(Path where, String got, @Nullable Throwable cause) {
    return new StoreException(
        Fault.of("the disk is full")
            .got(got)
            .where(where)
            .hint("Free space (nearside prune, nearside rm) or set NEARSIDE_HOME to another disk"),
        cause);
  }
}
