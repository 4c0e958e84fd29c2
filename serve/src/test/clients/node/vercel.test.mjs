// The Vercel AI SDK, with its OpenAI provider (Chat Completions and Responses) and the one for
// servers that are compatible with it.
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertPerson, assertWeather, model, person, question, url, weather } from "./common.mjs";

const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: "none" });
const compatible = createOpenAICompatible({
  name: "nearside",
  baseURL: `${url}/v1`,
  supportsStructuredOutputs: true,
  includeUsage: true,
});
const common = { maxRetries: 0, temperature: 0, maxOutputTokens: 120 };

for (const [name, language] of [
  ["chat", openai.chat(model)],
  ["responses", openai.responses(model)],
  ["compatible", compatible(model)],
]) {
  test(`${name}: text, whole and streamed`, async () => {
    const whole = await generateText({ ...common, model: language, prompt: question });
    assert.match(whole.text, /Paris/);
    const stream = streamText({ ...common, model: language, prompt: question });
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    assert.equal(text, whole.text);
    assert.ok((await stream.usage).outputTokens > 0);
  });

  test(`${name}: an object of a schema`, async () => {
    const { object } = await generateObject({
      ...common,
      model: language,
      schema: jsonSchema(person),
      prompt: "Describe a person.",
    });
    assertPerson(object);
  });

  test(`${name}: a tool is called`, async () => {
    const seen = [];
    const result = await generateText({
      ...common,
      model: language,
      prompt: "How is the weather in Paris?",
      toolChoice: "required",
      stopWhen: stepCountIs(1),
      tools: {
        [weather.name]: tool({
          description: weather.description,
          inputSchema: jsonSchema(weather.parameters),
          execute: async (args) => {
            seen.push(args);
            return "sunny";
          },
        }),
      },
    });
    assert.ok(seen.length > 0);
    seen.forEach(assertWeather);
    assert.equal(result.toolResults[0].output, "sunny");
  });
}
