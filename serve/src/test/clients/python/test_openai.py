"""The official Python client against a running server (NEARSIDE_URL)."""

import json
import os
import unittest

import openai

URL = os.environ.get("NEARSIDE_URL", "http://127.0.0.1:11500")
MODEL = os.environ.get("NEARSIDE_TEST_MODEL", "smollm2:135m")
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 40}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 30}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


class OpenAiClientTest(unittest.TestCase):
    def setUp(self):
        self.client = openai.OpenAI(base_url=URL + "/v1", api_key="none", max_retries=0)
        self.addCleanup(self.client.close)

    def chat(self, **more):
        return self.client.chat.completions.create(
            model=MODEL, temperature=0, **({"messages": QUESTION} | more)
        )

    def test_chat_answers_and_streams_the_same(self):
        whole = self.chat().choices[0].message.content
        self.assertIn("Paris", whole)
        with self.chat(stream=True) as stream:
            text = "".join(c.choices[0].delta.content or "" for c in stream if c.choices)
        self.assertEqual(whole, text)

    def test_async_client_runs_several_at_once(self):
        import asyncio

        async def ask():
            async with openai.AsyncOpenAI(base_url=URL + "/v1", api_key="none") as client:
                one = lambda: client.chat.completions.create(
                    model=MODEL, temperature=0, messages=QUESTION
                )
                return await asyncio.gather(*(one() for _ in range(6)))

        texts = {reply.choices[0].message.content for reply in asyncio.run(ask())}
        self.assertEqual(1, len(texts), texts)

    def test_tool_call_has_arguments_of_its_schema_whole_and_streamed(self):
        ask = {
            "messages": [{"role": "user", "content": "How is the weather in Paris?"}],
            "tools": [WEATHER],
            "tool_choice": "required",
        }
        reply = self.chat(**ask)
        self.assertEqual("tool_calls", reply.choices[0].finish_reason)
        whole = reply.choices[0].message.tool_calls[0].function
        self.assertEqual(["city"], list(json.loads(whole.arguments)))
        with self.client.chat.completions.stream(model=MODEL, temperature=0, **ask) as stream:
            last = stream.get_final_completion().choices[0]
        self.assertEqual("tool_calls", last.finish_reason)
        self.assertEqual(whole.name, last.message.tool_calls[0].function.name)
        self.assertEqual(whole.arguments, last.message.tool_calls[0].function.arguments)

    def test_structured_output_is_valid_however_short_the_limit(self):
        for limit in (24, 40, 120):
            reply = self.chat(
                messages=[{"role": "user", "content": "Describe a person."}],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "person", "schema": PERSON, "strict": True},
                },
                max_tokens=limit,
            )
            person = json.loads(reply.choices[0].message.content)
            self.assertEqual({"name", "age"}, set(person))
            self.assertIsInstance(person["age"], int)

    def test_pydantic_schema_parses_whole_and_streamed(self):
        from pydantic import BaseModel

        class City(BaseModel):
            name: str
            population: int

        ask = {
            "model": MODEL,
            "temperature": 0,
            "max_tokens": 200,
            "messages": [{"role": "user", "content": "Describe a city."}],
            "response_format": City,
        }
        whole = self.client.chat.completions.parse(**ask).choices[0].message.parsed
        self.assertIsInstance(whole, City)
        with self.client.chat.completions.stream(**ask) as stream:
            last = stream.get_final_completion()
        self.assertEqual(whole, last.choices[0].message.parsed)

    def test_unknown_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.chat.completions.create(model="no-such-model", messages=QUESTION)


if __name__ == "__main__":
    unittest.main()
