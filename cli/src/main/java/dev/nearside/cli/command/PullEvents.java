package dev.nearside.cli.command;

import dev.nearside.hub.HubException;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.PullEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/** What happens during a pull, as JSON objects. */
final class PullEvents {
  private PullEvents() {}

  static Map<String, Object> of(String name, PullEvent event) {
    return switch (event) {
      case PullEvent.Trying e -> with(named("trying", name), "source", e.source());
      case PullEvent.SourceFailed e ->
          with(with(named("source_failed", name), "source", e.source()), "reason", e.reason());
      case PullEvent.Terms e -> {
        Map<String, Object> json = with(named("terms", name), "licence", e.licence());
        if (e.url() != null) {
          json.put("url", e.url());
        }
        yield with(json, "text", e.text());
      }
      case PullEvent.Waiting e -> with(named("waiting", name), "for", e.what());
      case PullEvent.Started e -> {
        Map<String, Object> json = with(named("started", name), "file", e.file());
        yield progress(json, e.doneBytes(), e.totalBytes());
      }
      case PullEvent.Progress e -> progress(named("progress", name), e.doneBytes(), e.totalBytes());
      case PullEvent.Verifying e ->
          progress(with(named("verifying", name), "file", e.file()), e.doneBytes(), e.totalBytes());
      case PullEvent.Note e -> with(named("note", name), "text", e.text());
      case PullEvent.Done e -> done(name, e.model());
    };
  }

  static Map<String, Object> done(String name, LocalModel model) {
    Map<String, Object> json = named("done", name);
    json.put("model", model.name());
    json.put("path", model.path().toString());
    json.put("bytes", model.bytes());
    return json;
  }

  static Map<String, Object> failed(String name, HubException e) {
    return with(named("failed", name), "error", e.fault().message());
  }

  private static Map<String, Object> named(String event, String name) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("event", event);
    json.put("name", name);
    return json;
  }

  /** A size that is not known is left out. */
  private static Map<String, Object> progress(Map<String, Object> json, long done, long total) {
    json.put("done_bytes", done);
    if (total >= 0) {
      json.put("total_bytes", total);
    }
    return json;
  }

  private static Map<String, Object> with(Map<String, Object> json, String key, Object value) {
    json.put(key, value);
    return json;
  }
}
