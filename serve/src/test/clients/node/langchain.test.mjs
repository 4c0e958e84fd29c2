import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { concat } from "@langchain/core/utils/stream";
import { ChatOpenAI } from "@langchain/openai";
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertPerson, assertWeather, model, person, question, url, weather } from "./common.mjs";

const chat = new ChatOpenAI({
  model,
  apiKey: "none",
  temperature: 0,
  maxRetries: 0,
  maxTokens: 120,
  configuration: { baseURL: `${url}/v1` },
});

test("invoke and stream", async () => {
  const whole = await chat.invoke([new HumanMessage(question)]);
  assert.match(whole.content, /Paris/);
  let text = "";
  for await (const piece of await chat.stream(question)) text += piece.content;
  assert.equal(text, whole.content);
});

test("a tool is called, whole and streamed, and answered", async () => {
  const getWeather = tool(async () => "sunny", {
    name: weather.name,
    description: weather.description,
    schema: weather.parameters,
  });
  const ask = new HumanMessage("How is the weather in Paris?");
  const caller = chat.bindTools([getWeather], { tool_choice: "get_weather" });
  const reply = await caller.invoke([ask]);
  assert.equal(reply.tool_calls.length, 1);
  assertWeather(reply.tool_calls[0].args);
  let streamed;
  for await (const piece of await caller.stream([ask])) {
    streamed = streamed ? concat(streamed, piece) : piece;
  }
  assert.deepEqual(streamed.tool_calls[0].args, reply.tool_calls[0].args);
  const answer = await chat.invoke([
    ask,
    reply,
    new ToolMessage({ content: "sunny", tool_call_id: reply.tool_calls[0].id }),
  ]);
  assert.ok(answer.content.length > 0);
});

test("structured output, whole and streamed", async () => {
  const structured = chat.withStructuredOutput(person, { name: "person", method: "jsonSchema" });
  const whole = await structured.invoke("Describe a person.");
  assertPerson(whole);
  let last;
  for await (const piece of await structured.stream("Describe a person.")) last = piece;
  assert.deepEqual(last, whole);
});
