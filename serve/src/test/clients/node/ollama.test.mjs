import assert from "node:assert/strict";
import { test } from "node:test";
import { Ollama } from "ollama";
import { assertPerson, assertWeather, model, person, question, url, weather } from "./common.mjs";

const client = new Ollama({ host: url });
const messages = [{ role: "user", content: question }];
const options = { temperature: 0 };

test("models are listed and shown", async () => {
  const { models } = await client.list();
  assert.ok(models.some((m) => m.name === model), JSON.stringify(models));
  const shown = await client.show({ model });
  assert.ok(shown.details.parameter_size);
  assert.ok(shown.capabilities.includes("completion"));
});

test("chat, whole and streamed", async () => {
  const whole = await client.chat({ model, messages, options });
  assert.match(whole.message.content, /Paris/);
  assert.equal(whole.done, true);
  assert.ok(whole.eval_count > 0 && whole.prompt_eval_count >= 0);
  let text = "";
  let last;
  for await (const part of await client.chat({ model, messages, options, stream: true })) {
    text += part.message.content;
    last = part;
  }
  assert.equal(text, whole.message.content);
  assert.equal(last.done_reason, "stop");
});

test("generate, whole and streamed", async () => {
  const whole = await client.generate({ model, prompt: question, options });
  assert.match(whole.response, /Paris/);
  let text = "";
  for await (const part of await client.generate({ model, prompt: question, options, stream: true })) {
    text += part.response;
  }
  assert.equal(text, whole.response);
});

test("structured output follows its schema, whole and streamed", async () => {
  const ask = {
    model,
    messages: [{ role: "user", content: "Describe a person." }],
    format: person,
    options,
  };
  const reply = await client.chat(ask);
  assertPerson(JSON.parse(reply.message.content));
  let text = "";
  for await (const part of await client.chat({ ...ask, stream: true })) text += part.message.content;
  assert.equal(text, reply.message.content);
});

test("a tool is called, whole and streamed", async () => {
  // Ollama has no way to force a call: this small model makes one where it has made one before.
  const call = { function: { name: "get_weather", arguments: { city: "Rome", unit: "celsius" } } };
  const ask = {
    model,
    messages: [
      { role: "user", content: "How is the weather in Rome?" },
      { role: "assistant", content: "", tool_calls: [call] },
      { role: "tool", tool_name: "get_weather", content: "sunny" },
      { role: "assistant", content: "It is sunny in Rome." },
      { role: "user", content: "How is the weather in Paris?" },
    ],
    tools: [{ type: "function", function: weather }],
    options,
  };
  const called = (calls) => {
    assert.equal(calls[0].function.name, "get_weather");
    calls.forEach((one) => assertWeather(one.function.arguments));
    return calls.map((one) => one.function.arguments);
  };
  const whole = called((await client.chat(ask)).message.tool_calls);
  const calls = [];
  let last;
  for await (const part of await client.chat({ ...ask, stream: true })) {
    calls.push(...(part.message.tool_calls ?? []));
    last = part;
  }
  assert.deepEqual(called(calls), whole);
  assert.equal(last.done_reason, "stop");
});

test("loaded models, unloading, copying, deleting", async () => {
  await client.generate({ model, prompt: "" });
  assert.ok((await client.ps()).models.some((m) => m.name === model));
  await client.copy({ source: model, destination: "client-test:copy" });
  assert.ok((await client.list()).models.some((m) => m.name === "client-test:copy"));
  await client.delete({ model: "client-test:copy" });
  assert.ok(!(await client.list()).models.some((m) => m.name === "client-test:copy"));
});

test("a created model has its own system prompt", async () => {
  await client.create({ model: "client-test:made", from: model, system: "You are a pirate." });
  const reply = await client.chat({ model: "client-test:made", messages, options: { ...options, num_predict: 5 } });
  assert.ok(reply.message.content.length > 0);
  await client.delete({ model: "client-test:made" });
});

test("errors say what is wrong", async () => {
  await assert.rejects(client.chat({ model: "no-such-model", messages }), /no-such-model|not found/);
  await assert.rejects(
    client.chat({ model, messages: [{ role: "user", content: "x", images: ["AAAA"] }] }),
    /image/,
  );
});
