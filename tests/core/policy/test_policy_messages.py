"""Every fault that the readers and checks can make has a sentence in both languages."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.app.messages import Messages
from connector.core.policy.faults import CODES
from connector.core.policy.rules.articles import LAW
from connector.core.policy.yaml_lines import PROBLEMS

ROOMS = ("connector/core/policy", "connector/core/law", "connector/settings")
MAKERS = {
    "_fault",
    "fault",
    "fault_at",
    "error",
    "warning",
    "PydanticCustomError",
    "SettingsError",
    "Fault",
    "_of_form",
}
WITH_NEAR = ("unknown", "_unlisted")


def calls() -> Iterator[tuple[str, ast.Call]]:
    files = [file for room in ROOMS for file in Path(room).rglob("*.py")]
    for file in [*files, *Path("adapters").glob("*/settings.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                yield name, node


def words(call: ast.Call) -> Iterator[str]:
    """The literal texts that are arguments themselves, `code=` included."""
    for argument in (*call.args, *(one.value for one in call.keywords if one.arg == "code")):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def codes() -> set[str]:
    found = {"yaml_syntax", "override_debtor_key", "override_invoice_key", "invalid_value"}
    found |= set(LAW) | set(CODES.values()) | {code for _, code in PROBLEMS}
    for name, call in calls():
        if name in MAKERS | set(WITH_NEAR):
            said = [word for word in words(call) if word.isidentifier() and "_" in word][:1]
            found |= set(said)
            if name in WITH_NEAR:
                found |= {f"{code}_near" for code in said}
    return (found | {"choice", "choice_near", "unknown_key_near"}) - {"secret_form"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_has_a_sentence_and_every_sentence_a_code(language: str) -> None:
    table = Messages(language).tables["policy"]

    assert set(table) == codes()


def test_both_languages_name_the_same_facts() -> None:
    def facts(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    for table in ("policy", "describe"):
        dutch, english = Messages("nl").tables[table], Messages("en").tables[table]
        assert {code: facts(text) for code, text in dutch.items()} == {
            code: facts(text) for code, text in english.items()
        }
