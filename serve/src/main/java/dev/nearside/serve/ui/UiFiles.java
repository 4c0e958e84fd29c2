package dev.nearside.serve.ui;

import dev.nearside.base.Fault;
import dev.nearside.serve.ServeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of the UI, read once. What is not on their list does not exist. */
public final class UiFiles {
  /** The list of the files, one path a line. */
  private static final String LIST = "files.txt";

  /**
   * A file.
   *
   * @param etag names its content, quotes included
   */
  record UiFile(String path, byte[] bytes, String type, String etag) {
    /** Whether the name changes with the content. */
    boolean isHashed() {
      return path.startsWith("assets/");
    }

    boolean isPage() {
      return path.endsWith(".html");
    }
  }

  /** Where files come from. */
  @FunctionalInterface
  interface Source {
    /** The file's content; null when it is not there. */
    @Nullable InputStream open(String path);
  }

  private final Map<String, UiFile> files;

  private UiFiles(Map<String, UiFile> files) {
    this.files = Collections.unmodifiableMap(files);
  }

  /** The files of this program; none when it was built without the UI. */
  public static UiFiles ofProgram() {
    return read(UiFiles.class::getResourceAsStream);
  }

  static UiFiles read(Source source) {
    Map<String, UiFile> out = new TreeMap<>();
    byte[] list = bytes(source, LIST);
    if (list != null) {
      for (String path : new String(list, StandardCharsets.UTF_8).lines().toList()) {
        byte[] bytes = path.isBlank() ? null : bytes(source, path);
        if (bytes != null) {
          out.put(path, new UiFile(path, bytes, type(path), etag(bytes)));
        }
      }
    }
    return new UiFiles(out);
  }

  private static byte @Nullable [] bytes(Source source, String path) {
    try (InputStream in = source.open(path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new ServeException(Fault.of("a file of the Web UI can't be read").where(path), e);
    }
  }

  Optional<UiFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }

  /** All, by path. */
  Map<String, UiFile> all() {
    return files;
  }

  private static String type(String path) {
    String ending = path.substring(path.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "woff2" -> "font/woff2";
      case "json", "webmanifest" -> "application/json; charset=utf-8";
      case "txt" -> "text/plain; charset=utf-8";
      default -> "application/octet-stream";
    };
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
