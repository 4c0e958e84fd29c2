// The Vercel AI SDK, with its OpenAI provider (Chat Completions and Responses) and the one for
// servers that are compatible with it.
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, jsonSchema, stepCountIs, streamObject, streamText, tool } from "ai";
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

  test(`${name}: an object of a schema, whole and streamed`, async () => {
    const ask = {
      ...common,
      model: language,
      schema: jsonSchema(person),
      prompt: "Describe a person.",
    };
    const { object } = await generateObject(ask);
    assertPerson(object);
    const streamed = streamObject(ask);
    let last;
    for await (const part of streamed.partialObjectStream) last = part;
    assert.deepEqual(last, object);
    assert.deepEqual(await streamed.object, object);
  });

  test(`${name}: a tool is called, whole and streamed`, async () => {
    const seen = [];
    const ask = {
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
    };
    const result = await generateText(ask);
    assert.ok(seen.length > 0);
    seen.forEach(assertWeather);
    assert.equal(result.toolResults[0].output, "sunny");
    const whole = seen.splice(0);
    const streamed = streamText(ask);
    await streamed.consumeStream();
    assert.equal((await streamed.toolResults)[0].output, "sunny");
    assert.deepEqual(seen, whole);
  });
}
