"""Renders chats with tools as Hugging Face transformers does, for ToolRenderTest.

    python make_tool_renders.py FOLDER_OF_TEMPLATES > tool_renders.jsonl

The chat is given to each template in the shape that it wants, spelled out here by hand; the engine
has to find that shape by itself. Needs transformers and jinja2 3.1.
"""

import datetime
import json
import pathlib
import sys

import jinja2
from transformers.utils import chat_template_utils

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "Where."}},
    "required": ["city"],
}
FUNCTION = {"name": "get_time", "description": "Tells the time.", "parameters": PARAMETERS}
TOOLS = [{"type": "function", "function": FUNCTION}]
ARGUMENTS = {"city": "Ulm"}
SYSTEM = "Be brief."
QUESTION = "How late is it?"
RESULT = "12:30"
CALL_JSON = '{"name": "get_time", "arguments": {"city": "Ulm"}}'
BARE = '{"name": "function_name", "arguments": {"parameter": "value"}}'
V31 = '<｜tool▁call▁begin｜>function_name<｜tool▁sep｜>{"parameter": "value"}<｜tool▁call▁end｜>'


def words(one, two):
    return (
        "You can call these functions:\n"
        + json.dumps(FUNCTION, separators=(",", ":"))
        + "\n\nTo call a function, answer with nothing but this:\n"
        + one
        + "\nTo call two, answer like this:\n"
        + two
        + "\nCall a function only when it helps; otherwise, and once you have its result, answer"
        " in plain words."
    )


def section(text):
    return "<｜tool▁calls▁begin｜>" + text + "<｜tool▁calls▁end｜>"


GENERIC = words(BARE, f"[{BARE}, {BARE}]")


def chat(call_id, arguments, content="", wrap=lambda text: text):
    """System, question, call, result."""
    function = {"name": "get_time", "arguments": arguments}
    call = {"id": call_id, "type": "function", "function": function}
    return [
        {"role": "system", "content": wrap(SYSTEM)},
        {"role": "user", "content": wrap(QUESTION)},
        {"role": "assistant", "content": content, "tool_calls": [call]},
        {"role": "tool", "content": wrap(RESULT), "tool_call_id": call_id, "name": "get_time"},
    ]


def turn(role, content):
    return {"role": role, "content": content}


USUAL = (chat("call_1", ARGUMENTS), TOOLS)
NINE = (chat("abcdef012", ARGUMENTS), TOOLS)
TEXT = (chat("call_1", json.dumps(ARGUMENTS)), TOOLS)
# Shows calls, but no tools.
DEEPSEEK = (
    [turn("system", words(section(V31), section(V31 + V31)) + "\n\n" + SYSTEM)] + USUAL[0][1:],
    None,
)
# Without tools of its own: all of it in words.
WORDS = (
    [
        turn("system", GENERIC + "\n\n" + SYSTEM),
        turn("user", QUESTION),
        turn("assistant", CALL_JSON),
        turn("user", "Result of get_time:\n" + RESULT),
    ],
    None,
)
# Without a system role either.
MERGED = (
    [
        turn("user", GENERIC + "\n\n" + SYSTEM + "\n\n" + QUESTION),
        turn("assistant", CALL_JSON),
        turn("user", "Result of get_time:\n" + RESULT),
    ],
    None,
)

CASES = {
    "Qwen-Qwen2.5-7B-Instruct": USUAL,
    "Qwen-Qwen3-0.6B": USUAL,
    "Qwen3-Coder": USUAL,
    "Qwen3.5-4B": USUAL,
    "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use": USUAL,
    "meta-llama-Llama-3.1-8B-Instruct": USUAL,
    "meta-llama-Llama-3.2-3B-Instruct": USUAL,
    "mistralai-Mistral-Nemo-Instruct-2407": NINE,
    "Mistral-Small-3.2-24B-Instruct-2506": NINE,
    "deepseek-ai-DeepSeek-V3.1": DEEPSEEK,
    "deepseek-ai-DeepSeek-V3.2": USUAL,
    "ibm-granite-granite-4.0": USUAL,
    "openai-gpt-oss-120b": USUAL,
    "google-gemma-4-31B-it": USUAL,
    "GLM-4.7-Flash": USUAL,
    "meetkai-functionary-medium-v3.2": TEXT,
    "microsoft-Phi-3.5-mini-instruct": WORDS,
    "google-gemma-2-2b-it": MERGED,
}


def compiled(source):
    template = chat_template_utils._compile_jinja_template(source)
    template.environment.globals["strftime_now"] = NOW.strftime
    return template


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, (messages, tools) in CASES.items():
        template = compiled((folder / (name + ".jinja")).read_text())
        text = template.render(
            messages=messages,
            tools=tools,
            documents=None,
            add_generation_prompt=True,
            bos_token="<|im_start|>",
            eos_token="<|im_end|>",
        )
        print(json.dumps({"template": name, "expect": text}, ensure_ascii=False))
    print(f"jinja2 {jinja2.__version__}", file=sys.stderr)


if __name__ == "__main__":
    main()
