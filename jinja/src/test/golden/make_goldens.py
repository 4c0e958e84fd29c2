"""Renders cases.py with jinja2 as Hugging Face transformers configures it; see README.md."""

import copy
import datetime
import json
import pathlib
import warnings

import jinja2
import jinja2.ext
import jinja2.sandbox
from jinja2 import nodes

import cases

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)


class Generation(jinja2.ext.Extension):
    """The {% generation %} tag of transformers, without its bookkeeping."""

    tags = {"generation"}

    def parse(self, parser):
        lineno = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(lineno)

    @jinja2.pass_eval_context
    def _render(self, context, caller):
        return caller()


def to_json(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


class TemplateDict:
    def __call__(self, *args, **kwargs):
        return dict(*args, **kwargs)

    def fromkeys(self, *args, **kwargs):
        return dict.fromkeys(*args, **kwargs)


class Namespace(jinja2.utils.Namespace):
    def __init__(*args, **kwargs):
        self, args = args[0], args[1:]
        attributes = dict(*args, **kwargs)
        for name in attributes:
            Namespace._check(name)
        jinja2.utils.Namespace.__init__(self, attributes)

    def __setitem__(self, name, value):
        Namespace._check(name)
        jinja2.utils.Namespace.__setitem__(self, name, value)

    @staticmethod
    def _check(name):
        if isinstance(name, str) and name.startswith("_"):
            raise jinja2.exceptions.SecurityError("underscore-prefixed: " + name)


def environment(plain):
    env = jinja2.sandbox.SandboxedEnvironment(
        trim_blocks=not plain,
        lstrip_blocks=not plain,
        extensions=[Generation, jinja2.ext.loopcontrols],
    )
    env.filters["tojson"] = to_json
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: NOW.strftime(format)
    env.globals["dict"] = TemplateDict()
    env.globals["namespace"] = Namespace
    return env


def render(template, plain):
    row = {"template": template}
    if plain:
        row["plain"] = True
    try:
        variables = copy.deepcopy(cases.VARIABLES)
        row["expect"] = environment(plain).from_string(template).render(**variables)
    except Exception as error:  # whatever Python raises is the expectation
        row["error"] = f"{type(error).__name__}: {error}"
    return row


def main():
    warnings.simplefilter("ignore", SyntaxWarning)
    rows = [render(template, False) for template in cases.templates()]
    rows += [render(template, True) for template in cases.WHITESPACE]
    with open(HERE / "renders.jsonl", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    with open(HERE / "variables.json", "w", encoding="utf-8") as out:
        json.dump(cases.VARIABLES, out, ensure_ascii=False, indent=1)
        out.write("\n")
    failed = sum("error" in row for row in rows)
    print(f"{len(rows)} cases, {failed} of them expect an error")


if __name__ == "__main__":
    main()
