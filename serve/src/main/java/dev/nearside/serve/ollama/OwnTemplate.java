package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Message;
import dev.nearside.hub.GoTemplate;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.serve.http.HttpProblem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chat template that a request brings along. */
final class OwnTemplate {
  private OwnTemplate() {}

  /**
   * The prompt. The start token is left to the tokenizer, which adds it if the model wants one.
   *
   * @throws HttpProblem when the template is not Jinja, or refuses the messages
   */
  static String render(String source, ChatRequest request, Clock clock) {
    if (GoTemplate.isLikely(source)) {
      throw HttpProblem.invalid("template", "'template' " + GoTemplate.WHY);
    }
    List<Map<String, Object>> turns = new ArrayList<>();
    for (Message m : request.messages()) {
      turns.add(Map.of("role", m.role().wireName(), "content", m.content()));
    }
    Map<String, @Nullable Object> vars = new LinkedHashMap<>();
    vars.put("messages", turns);
    vars.put("tools", null);
    vars.put("add_generation_prompt", true);
    vars.put("bos_token", "");
    vars.put("eos_token", "");
    vars.putAll(request.templateArgs());
    try {
      return Template.parse(source, TemplateOptions.huggingFace()).render(vars, clock);
    } catch (TemplateException e) {
      throw HttpProblem.invalid("template", "'template' fails: " + e.getMessage());
    }
  }
}
