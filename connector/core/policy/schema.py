"""The JSON Schema of the policy, for editors; `config/policy.schema.json` holds it."""

from collections.abc import Mapping
from typing import Any, Final

from connector.core.policy.model import Policy
from connector.core.policy.schema_words import POLICY_WORDS

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_LISTED: Final = frozenset(
    {"Step.via", "Conditions.kind", "Conditions.language", "Conditions.country", "Conditions.tag"}
)
"""Keys that take one word as well as a list."""

_WORDED: Final = frozenset({"Interest", "CollectionCosts"})
"""Mappings that may also be written as the one word of their `kind`."""


def policy_schema() -> dict[str, Any]:
    """Return the schema of the policy file, ready for `json.dumps`."""
    schema = Policy.model_json_schema()
    schema["properties"].pop("digest")
    schema = for_editors(schema, title="maan: policy", words=POLICY_WORDS)
    for name in _WORDED:
        mapping = schema["$defs"][name]
        word = {"type": "string", "enum": ["none", "statutory"]}
        schema["$defs"][name] = {"anyOf": [word, mapping]}
    return schema


def for_editors(schema: dict[str, Any], *, title: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return a model's schema as an editor needs it.

    A key with nothing behind it counts as left out, so null is allowed for all that may be left
    out. Every key carries its sentence.

    Args:
        schema: As pydantic gives it.
        title: Name of the whole.
        words: Sentences by `Model.key`; the keys of the top by `.key`.
    """
    definitions = {name: _record(one, name, words) for name, one in schema.get("$defs", {}).items()}
    top = _record({key: value for key, value in schema.items() if key != "$defs"}, "", words)
    return {"$schema": _DIALECT, **top, "title": title, "$defs": definitions}


def _record(schema: dict[str, Any], name: str, words: Mapping[str, str]) -> dict[str, Any]:
    schema = {key: value for key, value in schema.items() if key not in ("title", "description")}
    if "properties" not in schema:
        return schema
    required = schema.get("required", ())
    properties = {}
    for key, value in schema["properties"].items():
        path = f"{name}.{key}"
        options = [one for one in _options(value) if one != {"type": "null"}]
        if path in _LISTED:
            options = [*(one["items"] for one in options), *options]
        if key not in required:
            options.append({"type": "null"})
        shape = options[0] if len(options) == 1 else {"anyOf": options}
        default = {} if value.get("default") is None else {"default": value["default"]}
        properties[key] = {"description": words[path], **default, **shape}
    return {**schema, "properties": properties}


def _options(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the forms that a value may have, without what is said about them all."""
    bare = {key: value for key, value in schema.items() if key not in ("title", "default")}
    others = {key: value for key, value in bare.items() if key != "anyOf"}
    return [one | others for part in bare.get("anyOf", [{}]) for one in _parts(part)]


def _parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the forms of an option that is itself a choice of forms."""
    others = {key: value for key, value in schema.items() if key != "anyOf"}
    return [part | others for part in schema.get("anyOf", [{}])]
