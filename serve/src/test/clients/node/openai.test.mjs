import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { assertPerson, assertWeather, model, person, question, url, weather } from "./common.mjs";

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];
const tools = [{ type: "function", function: weather }];

/** The text of a stream of chunks. */
async function joined(stream) {
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? "";
  return text;
}

test("models are listed", async () => {
  const ids = [];
  for await (const m of client.models.list()) ids.push(m.id);
  assert.ok(ids.includes(model), ids.join());
  assert.equal((await client.models.retrieve(model)).id, model);
});

test("chat answers", async () => {
  const reply = await client.chat.completions.create({ model, messages, temperature: 0 });
  assert.match(reply.choices[0].message.content, /Paris/);
  assert.equal(reply.choices[0].finish_reason, "stop");
  assert.equal(
    reply.usage.total_tokens,
    reply.usage.prompt_tokens + reply.usage.completion_tokens,
  );
});

test("chat streams the same", async () => {
  const whole = await client.chat.completions.create({ model, messages, temperature: 0 });
  const stream = await client.chat.completions.create({
    model,
    messages,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let usage;
  let pieces = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    pieces += chunk.choices.length;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.ok(pieces > 3, `${pieces} pieces`);
  assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
});

test("the stream helper collects", async () => {
  const run = client.chat.completions.stream({ model, messages, temperature: 0 });
  assert.match(await run.finalContent(), /Paris/);
});

test("log-probabilities come with each token", async () => {
  const reply = await client.chat.completions.create({
    model,
    messages,
    temperature: 0,
    max_tokens: 4,
    logprobs: true,
    top_logprobs: 3,
  });
  const tokens = reply.choices[0].logprobs.content;
  assert.equal(tokens.length, 4);
  for (const t of tokens) {
    assert.equal(t.top_logprobs.length, 3);
    assert.equal(t.top_logprobs[0].token, t.token); // greedy
  }
  assert.equal(reply.choices[0].finish_reason, "length");
});

test("several replies, seeded", async () => {
  const ask = () =>
    client.chat.completions.create({ model, messages, n: 3, seed: 7, temperature: 1, max_tokens: 12 });
  const [a, b] = [await ask(), await ask()];
  const texts = (r) => r.choices.map((c) => c.message.content);
  assert.deepEqual(texts(a), texts(b));
  assert.ok(new Set(texts(a)).size > 1);
});

test("a tool that must be called is called", async () => {
  const reply = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "How is the weather in Paris?" }],
    tools,
    tool_choice: { type: "function", function: { name: "get_weather" } },
    temperature: 0,
  });
  assert.equal(reply.choices[0].finish_reason, "tool_calls");
  const [call] = reply.choices[0].message.tool_calls;
  assert.equal(call.function.name, "get_weather");
  assertWeather(JSON.parse(call.function.arguments));
  const answer = await client.chat.completions.create({
    model,
    messages: [
      { role: "user", content: "How is the weather in Paris?" },
      reply.choices[0].message,
      { role: "tool", tool_call_id: call.id, content: "sunny, 21 degrees" },
    ],
    tools,
    tool_choice: "none",
    temperature: 0,
    max_tokens: 60,
  });
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.ok(!answer.choices[0].message.tool_calls);
});

test("tool calls stream", async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "How is the weather in Rome?" }],
    tools,
    tool_choice: "required",
    temperature: 0,
    stream: true,
  });
  let name = "";
  let args = "";
  let finish;
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    // The model may call it more than once.
    const call = choice?.delta?.tool_calls?.find((one) => one.index === 0);
    name += call?.function?.name ?? "";
    args += call?.function?.arguments ?? "";
    finish = choice?.finish_reason ?? finish;
  }
  assert.equal(name, "get_weather");
  assertWeather(JSON.parse(args));
  assert.equal(finish, "tool_calls");
});

test("structured output follows its schema, whole and streamed", async () => {
  const ask = {
    model,
    messages: [{ role: "user", content: "Describe a person." }],
    response_format: { type: "json_schema", json_schema: { name: "person", schema: person, strict: true } },
    temperature: 0,
  };
  const reply = await client.chat.completions.create(ask);
  assertPerson(JSON.parse(reply.choices[0].message.content));
  const stream = await client.chat.completions.create({ ...ask, stream: true });
  assert.equal(await joined(stream), reply.choices[0].message.content);
});

test("JSON mode, streamed", async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Describe a person in JSON." }],
    response_format: { type: "json_object" },
    temperature: 0,
    max_tokens: 80,
    stream: true,
  });
  assert.equal(typeof JSON.parse(await joined(stream)), "object");
});

test("completions, whole and streamed", async () => {
  const ask = { model, prompt: "The capital of France is", max_tokens: 8, temperature: 0 };
  const whole = await client.completions.create(ask);
  assert.match(whole.choices[0].text, /Paris/);
  let text = "";
  for await (const chunk of await client.completions.create({ ...ask, stream: true })) {
    text += chunk.choices[0]?.text ?? "";
  }
  assert.equal(text, whole.choices[0].text);
});

test("responses, whole, streamed and continued", async () => {
  const whole = await client.responses.create({ model, input: question, temperature: 0 });
  assert.match(whole.output_text, /Paris/);
  assert.equal(whole.status, "completed");
  const types = [];
  let text = "";
  for await (const event of await client.responses.create({
    model,
    input: question,
    temperature: 0,
    stream: true,
  })) {
    types.push(event.type);
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  assert.equal(text, whole.output_text);
  assert.equal(types[0], "response.created");
  assert.equal(types.at(-1), "response.completed");
  const next = await client.responses.create({
    model,
    previous_response_id: whole.id,
    input: "And of Italy?",
    temperature: 0,
    max_output_tokens: 40,
  });
  assert.ok(next.usage.input_tokens > whole.usage.input_tokens);
});

test("responses with a tool, whole and streamed", async () => {
  const ask = {
    model,
    input: "How is the weather in Paris?",
    tools: [{ type: "function", ...weather, strict: true }],
    tool_choice: "required",
    temperature: 0,
  };
  const callOf = (response) => response.output.find((item) => item.type === "function_call");
  const call = callOf(await client.responses.create(ask));
  assert.equal(call.name, "get_weather");
  assertWeather(JSON.parse(call.arguments));
  const streamed = callOf(await client.responses.stream(ask).finalResponse());
  assert.equal(streamed.name, call.name);
  assert.equal(streamed.arguments, call.arguments);
});

test("responses with a schema, whole and streamed", async () => {
  const ask = {
    model,
    input: "Describe a person.",
    text: { format: { type: "json_schema", name: "person", schema: person, strict: true } },
    temperature: 0,
  };
  const whole = await client.responses.create(ask);
  assertPerson(JSON.parse(whole.output_text));
  let text = "";
  for await (const event of await client.responses.create({ ...ask, stream: true })) {
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  assert.equal(text, whole.output_text);
});

test("errors have their status and name", async () => {
  await assert.rejects(
    client.chat.completions.create({ model: "no-such-model", messages }),
    (e) => e instanceof OpenAI.NotFoundError && e.code === "model_not_found",
  );
  await assert.rejects(
    client.chat.completions.create({ model, messages, no_such_field: 1 }),
    (e) => e instanceof OpenAI.BadRequestError && e.param === "no_such_field",
  );
  await assert.rejects(
    client.chat.completions.create({
      model,
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }] }],
    }),
    (e) => e instanceof OpenAI.BadRequestError && /image/.test(e.message),
  );
  await assert.rejects(
    client.chat.completions.create({ model, messages: [{ role: "user", content: "word ".repeat(20000) }] }),
    (e) => e instanceof OpenAI.BadRequestError && e.code === "context_length_exceeded",
  );
});

test("an abandoned stream frees the model", async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Count to one thousand." }],
    stream: true,
  });
  for await (const _ of stream) break;
  const reply = await client.chat.completions.create({ model, messages, temperature: 0 });
  assert.match(reply.choices[0].message.content, /Paris/);
});
