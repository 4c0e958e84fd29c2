package dev.nearside.serve.openai;

import dev.nearside.serve.anthropic.AnthropicErrors;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import tools.jackson.databind.JsonNode;

/** The models' paths are OpenAI's and Anthropic's: a header says who asks. */
final class ModelsDialect implements Dialect {
  private static final String VERSION = "anthropic-version";

  /** Whether Anthropic's client asks. */
  static boolean isAnthropic(Exchange exchange) {
    return exchange.header(VERSION) != null;
  }

  @Override
  public JsonNode error(HttpProblem problem) {
    return new OpenAiErrors().error(problem);
  }

  @Override
  public JsonNode error(HttpProblem problem, Exchange exchange) {
    Dialect dialect = isAnthropic(exchange) ? new AnthropicErrors() : new OpenAiErrors();
    return dialect.error(problem, exchange);
  }
}
