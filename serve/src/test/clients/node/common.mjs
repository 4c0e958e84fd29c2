// What every client's test shares: where the server is, a tool, a schema.
import assert from "node:assert/strict";

export const url = process.env.NEARSIDE_URL ?? "http://127.0.0.1:11500";
export const model = process.env.NEARSIDE_TEST_MODEL ?? "smollm2:135m";
export const question = "What is the capital of France?";

export const weather = {
  name: "get_weather",
  description: "The weather of a city",
  parameters: {
    type: "object",
    properties: {
      city: { type: "string", maxLength: 40 },
      unit: { type: "string", enum: ["celsius", "fahrenheit"] },
    },
    required: ["city", "unit"],
    additionalProperties: false,
  },
};

export const person = {
  type: "object",
  properties: {
    name: { type: "string", maxLength: 30 },
    age: { type: "integer", minimum: 0, maximum: 150 },
  },
  required: ["name", "age"],
  additionalProperties: false,
};

/** Arguments of the tool as the schema wants them. */
export function assertWeather(args) {
  assert.deepEqual(Object.keys(args).sort(), ["city", "unit"]);
  assert.equal(typeof args.city, "string");
  assert.ok(["celsius", "fahrenheit"].includes(args.unit), args.unit);
}

/** A document as the schema wants it. */
export function assertPerson(value) {
  assert.deepEqual(Object.keys(value).sort(), ["age", "name"]);
  assert.equal(typeof value.name, "string");
  assert.ok(Number.isInteger(value.age) && value.age >= 0 && value.age <= 150, String(value.age));
}
