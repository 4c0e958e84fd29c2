import Anthropic from "@anthropic-ai/sdk";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertPerson, assertWeather, model, person, question, url, weather } from "./common.mjs";

const client = new Anthropic({ baseURL: url, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];
const tools = [
  { name: weather.name, description: weather.description, input_schema: weather.parameters },
];

test("a message is answered", async () => {
  const reply = await client.messages.create({ model, max_tokens: 100, messages, temperature: 0 });
  assert.equal(reply.content[0].type, "text");
  assert.match(reply.content[0].text, /Paris/);
  assert.equal(reply.stop_reason, "end_turn");
  assert.ok(reply.usage.input_tokens > 0 && reply.usage.output_tokens > 0);
});

test("a message streams the same", async () => {
  const whole = await client.messages.create({ model, max_tokens: 100, messages, temperature: 0 });
  const stream = client.messages.stream({ model, max_tokens: 100, messages, temperature: 0 });
  const last = await stream.finalMessage();
  assert.equal(last.content[0].text, whole.content[0].text);
  assert.equal(last.stop_reason, "end_turn");
});

test("system prompts, stop sequences and prefill", async () => {
  const reply = await client.messages.create({
    model,
    max_tokens: 60,
    system: "You count.",
    messages: [
      { role: "user", content: "Count: one, two, three, four, five." },
      { role: "assistant", content: "one, two," },
    ],
    stop_sequences: ["four"],
    temperature: 0,
  });
  assert.ok(["stop_sequence", "end_turn", "max_tokens"].includes(reply.stop_reason));
  if (reply.stop_reason === "stop_sequence") assert.equal(reply.stop_sequence, "four");
});

test("a tool that must be called is called, whole and streamed", async () => {
  const ask = {
    model,
    max_tokens: 200,
    temperature: 0,
    messages: [{ role: "user", content: "How is the weather in Paris?" }],
    tools,
    tool_choice: { type: "tool", name: "get_weather" },
  };
  const reply = await client.messages.create(ask);
  assert.equal(reply.stop_reason, "tool_use");
  const use = reply.content.find((block) => block.type === "tool_use");
  assertWeather(use.input);
  const streamed = await client.messages.stream(ask).finalMessage();
  assert.deepEqual(streamed.content.find((block) => block.type === "tool_use").input, use.input);
  const answer = await client.messages.create({
    model,
    max_tokens: 60,
    temperature: 0,
    messages: [
      ...ask.messages,
      { role: "assistant", content: reply.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: use.id, content: "sunny" }] },
    ],
    tools,
    tool_choice: { type: "none" },
  });
  assert.equal(answer.content[0].type, "text");
});

test("structured output follows its schema, whole and streamed", async () => {
  const ask = {
    model,
    max_tokens: 120,
    temperature: 0,
    messages: [{ role: "user", content: "Describe a person." }],
    output_config: { format: jsonSchemaOutputFormat(person) },
  };
  const reply = await client.messages.parse(ask);
  assertPerson(reply.parsed_output);
  const streamed = await client.messages.stream(ask).finalMessage();
  assert.equal(streamed.content[0].text, reply.content[0].text);
  assertPerson(streamed.parsed_output);
});

test("tokens are counted as the prompt has them", async () => {
  const { input_tokens: counted } = await client.messages.countTokens({ model, messages });
  const reply = await client.messages.create({ model, max_tokens: 1, messages });
  assert.equal(
    counted,
    reply.usage.input_tokens + (reply.usage.cache_read_input_tokens ?? 0),
  );
});

test("errors have their status and type", async () => {
  await assert.rejects(
    client.messages.create({ model: "no-such-model", max_tokens: 5, messages }),
    (e) => e instanceof Anthropic.NotFoundError && e.error.error.type === "not_found_error",
  );
  await assert.rejects(
    client.messages.create({
      model,
      max_tokens: 5,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
          ],
        },
      ],
    }),
    (e) => e instanceof Anthropic.BadRequestError && /image/.test(e.message),
  );
});
