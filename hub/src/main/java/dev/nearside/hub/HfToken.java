package dev.nearside.hub;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Hugging Face access token. A class of its own so that no log or error ever prints it. */
public final class HfToken {

  private final String value;

  public HfToken(String value) {
    if (value.isBlank() || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new HubException(
          Fault.of("the Hugging Face token has characters a token cannot have").where("HF_TOKEN"));
    }
    this.value = value;
  }

  /** The value of the {@code Authorization} header. */
  public String header() {
    return "Bearer " + value;
  }

  /** {@code HF_TOKEN}, else the file that {@code hf auth login} writes, else none. */
  static @Nullable HfToken find(Map<String, String> env, Path hfHome) {
    String direct = env.getOrDefault("HF_TOKEN", "").strip();
    if (!direct.isEmpty()) {
      return new HfToken(direct);
    }
    String pathText = env.getOrDefault("HF_TOKEN_PATH", "");
    Path file = pathText.isBlank() ? hfHome.resolve("token") : Path.of(pathText);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? null : new HfToken(text);
    } catch (IOException e) {
      throw new HubException(Fault.of("the token file cannot be read").where(file), e);
    }
  }

  @Override
  public String toString() {
    return "HfToken[hidden]";
  }
}
