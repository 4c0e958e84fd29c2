package dev.nearside.hub;

import dev.nearside.base.Fault;
import java.util.List;

/** No catalogue entry, installed model, repository or path has this name. */
public final class UnknownModelException extends HubException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> nearest;

  public UnknownModelException(String name, List<String> nearest) {
    super(Fault.of("no model of this name").got(name).hint(hint(nearest)));
    this.nearest = List.copyOf(nearest);
  }

  /** Names that look alike, nearest first. */
  public List<String> nearest() {
    return nearest;
  }

  private static String hint(List<String> nearest) {
    String forms =
        "'list --all' shows the catalogue. Other forms: hf.co/user/repo[:QUANT], modelscope.cn/user/repo[:QUANT], ollama/name[:tag], a path";
    return nearest.isEmpty() ? forms : "Nearest: " + String.join(", ", nearest) + ". " + forms;
  }
}
