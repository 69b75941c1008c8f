import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from connector.core.policy.schema import policy_schema
from connector.core.policy.schema_words import POLICY_WORDS
from connector.settings.schema import WORDS, settings_schema

FILES = {"policy": policy_schema, "maan": settings_schema}


def errors(value: object) -> list[str]:
    checker = jsonschema.Draft202012Validator(policy_schema())
    return [error.json_path for error in checker.iter_errors(value)]


def policy(**step: object) -> dict[str, object]:
    full = {"step": "a", "at": "due + 4d", "do": "reminder", "via": "email"} | step
    return {"version": 1, "tracks": [{"name": "alle", "ladder": [full]}]}


@pytest.mark.parametrize("name", FILES)
def test_the_schema_beside_the_file_is_that_of_the_model(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    text = json.dumps(FILES[name](), indent=2, ensure_ascii=False) + "\n"

    golden(Path(f"config/{name}.schema.json"), text)


@pytest.mark.parametrize("name", FILES)
def test_the_schema_accepts_the_file_that_is_shipped(name: str) -> None:
    schema = FILES[name]()
    jsonschema.Draft202012Validator.check_schema(schema)
    text = Path(f"config/{name}.yaml").read_text(encoding="utf-8")

    jsonschema.Draft202012Validator(schema).validate(YAML(typ="safe", pure=True).load(text))


@pytest.mark.parametrize("name", FILES)
def test_the_file_names_its_schema_in_the_first_line(name: str) -> None:
    first = Path(f"config/{name}.yaml").read_text(encoding="utf-8").splitlines()[0]

    assert first == f"# yaml-language-server: $schema=./{name}.schema.json"


@pytest.mark.parametrize(
    "step",
    [{"via": ["email", "post"]}, {"approve": "always"}, {"approve": {"above": 500.0}}, {"term": "5 business days"},
     {"at": "month_end(due + 5d)"}, {"fallback": None}],
)  # fmt: skip
def test_an_editor_accepts_what_the_reader_accepts(step: dict[str, object]) -> None:
    assert errors(policy(**step)) == []


@pytest.mark.parametrize(
    "step",
    [{"via": "fax"}, {"at": "due plus 4"}, {"do": "remind"}, {"step": "met spatie"}, {"x": 1}],
)
def test_an_editor_refuses_what_the_reader_refuses(step: dict[str, object]) -> None:
    assert errors(policy(**step)) != []


def test_a_word_may_stand_for_interest_and_costs() -> None:
    track = {"name": "a", "interest": "statutory", "collection_costs": "none", "ladder": []}

    assert errors({"version": 1, "tracks": [track]}) == ["$.tracks[0].ladder"]


def test_the_digest_is_no_key_of_the_file() -> None:
    assert "digest" not in policy_schema()["properties"]


def keys(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, record in (("", schema), *schema["$defs"].items()):
        for one in (record, *record.get("anyOf", ())):
            yield from (f"{name}.{key}" for key in one.get("properties", ()))


@pytest.mark.parametrize(("name", "words"), [("policy", POLICY_WORDS), ("maan", WORDS)])
def test_every_key_has_a_sentence_and_no_sentence_is_left_over(
    name: str, words: Mapping[str, str]
) -> None:
    assert set(keys(FILES[name]())) == set(words)


@pytest.mark.parametrize(("name", "page"), [("policy", "policy"), ("maan", "configuration")])
def test_every_key_stands_on_its_page(name: str, page: str) -> None:
    text = Path(f"docs/{page}.md").read_text(encoding="utf-8")
    missing = [key for key in keys(FILES[name]()) if f"`{key.partition('.')[2]}`" not in text]

    assert missing == []
