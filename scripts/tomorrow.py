"""Answers of tomorrow in the hands of today's clients: for each schema of an answer a value is made in which every list
of values and every tag has an unknown value. The Python client must read and write it unchanged; for TypeScript a
module is written that a compiler must accept.

    tomorrow.py DOCUMENT PYTHON_PACKAGE_DIRECTORY TYPESCRIPT_MODULE
"""
import importlib
import json
import re
import sys
from pathlib import Path

UNKNOWN = "a_value_of_tomorrow"
SCHEMAS = "#/components/schemas/"
# The generated Python readers of these fail on any answer: they overwrite their own `cast` by the member of this name.
UNREADABLE = {"Ballots", "CentredBallots", "CouncilBallots", "JudgeView", "JudgedItem"}
FORMATS = {
    "date": "2025-09-10",
    "date-time": "2025-09-10T02:00:00+00:00",
    "uuid": "0197a3b0-0000-7000-8000-000000000000",
}


def names_in(value):
    if isinstance(value, dict):
        target = value.get("$ref", "")
        if target.startswith("#/components/"):
            yield target
        for member in value.values():
            yield from names_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item)


def resolve(document, target):
    value = document
    for step in target.removeprefix("#/").split("/"):
        value = value[step.replace("~1", "/").replace("~0", "~")]
    return value


def answered(document):
    """The names of the schemas that answers hold."""
    operations = (operation for item in document["paths"].values() for operation in item.values())
    waiting = [target for operation in operations for target in names_in(operation["responses"])]
    seen = set()
    while waiting:
        target = waiting.pop()
        if target not in seen:
            seen.add(target)
            waiting += names_in(resolve(document, target))
    return sorted(target.removeprefix(SCHEMAS) for target in seen if target.startswith(SCHEMAS))


def sample(document, schema, depth=0):
    if "$ref" in schema:
        return sample(document, resolve(document, schema["$ref"]), depth)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            choices = schema[choice]
            if {"type": "string"} in choices:
                return UNKNOWN
            if "discriminator" in schema:
                return {schema["discriminator"]["propertyName"]: UNKNOWN}
            given = [one for one in choices if one.get("type") != "null"]
            if given[0].get("$ref", "").removeprefix(SCHEMAS) in UNREADABLE:
                return None
            return sample(document, given[0], depth) if depth < 6 or given == choices else None
    if "allOf" in schema:
        whole = {}
        for part in schema["allOf"]:
            whole.update(sample(document, part, depth))
        return whole
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object" or "properties" in schema:
        members = schema.get("properties", {})
        return {name: sample(document, member, depth + 1) for name, member in members.items()}
    if kind == "array":
        unreadable = schema["items"].get("$ref", "").removeprefix(SCHEMAS) in UNREADABLE
        return [] if unreadable or depth >= 6 else [sample(document, schema["items"], depth + 1)]
    if kind == "string":
        return FORMATS.get(schema.get("format"), "text")
    return {"integer": max(schema.get("minimum", 1), 1), "number": 1, "boolean": True}.get(kind)


def is_object(schema):
    return "properties" in schema or "allOf" in schema


def main(path, package, module):
    document = json.loads(Path(path).read_text())
    schemas = document["components"]["schemas"]
    samples = {name: sample(document, schemas[name]) for name in answered(document) if is_object(schemas[name])}
    samples = {name: value for name, value in samples.items() if name not in UNREADABLE}
    typed = [
        f"export const {re.sub(r'[^A-Za-z0-9]', '_', name)}: components[\"schemas\"][{json.dumps(name)}] = "
        f"{json.dumps(value, ensure_ascii=False)};"
        for name, value in samples.items()
    ]
    Path(module).write_text('import type { components } from "./api.js";\n' + "\n".join(typed) + "\n")

    package = Path(package).resolve()
    sys.path.insert(0, str(package.parent))
    models = importlib.import_module(f"{package.name}.models")
    # The generator names its classes by its own rule.
    classes = {name.lower(): getattr(models, name) for name in models.__all__}
    tried = 0
    for name, value in samples.items():
        model = classes.get(re.sub(r"[^A-Za-z0-9]", "", name).lower())
        if model is None:
            raise SystemExit(f"the Python client has no class for {name}")
        read = model.from_dict(json.loads(json.dumps(value)))
        if read.to_dict() != value:
            raise SystemExit(f"{name}: read and written again, {value} is {read.to_dict()}")
        tried += UNKNOWN in json.dumps(value)
    if tried < 20:
        raise SystemExit("the search finds no lists of values any more")
    print(f"{tried} answers with values of tomorrow were read by the Python client and typed for TypeScript")


main(*sys.argv[1:])
