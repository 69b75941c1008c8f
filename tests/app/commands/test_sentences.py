"""Every code that the core and the steps can produce has a sentence, which asks no other facts."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import connector
from connector.app.cli.holds import HoldWord
from connector.app.messages import Messages
from connector.core.actions import ActionStatus, Approval
from connector.core.policy.model import ChannelName, Mode, StepKind
from connector.core.snapshot import HoldReason
from connector.port.records import Kind, Ledger
from connector.store.records import ChangeKind, ItemState

_ROOT = Path(connector.__file__).parent
_LANGUAGES = ("nl", "en")
_BY_PLACE = {"_attend": 2, "_attend_item": 2, "_call_person": 2, "_point": 1}
_OUTCOMES = {"Attention", "Stayed", "Left", "Outcome"}
# What the store and the list add to the facts of a point of attention.
_ADDED = {
    "delivery_uncertain": {"party", "action", "via", "error", "reply"},
    "delivery_failed": {"party", "action", "via", "error", "reply"},
}


@dataclass(frozen=True)
class _Use:
    code: str
    facts: frozenset[str] | None  # None: can't be read from the code
    where: str


def _uses() -> list[_Use]:
    files = sorted([*(_ROOT / "core").rglob("*.py"), *(_ROOT / "flow").rglob("*.py")])
    return [use for file in files for use in _in_file(file)]


def _in_file(file: Path) -> Iterator[_Use]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        dicts = _dicts(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                yield from _of_call(node, dicts, f"{file.name}:{node.lineno}")


def _dicts(function: ast.FunctionDef) -> list[tuple[int, str, frozenset[str]]]:
    """Return the line, name and keys of each dictionary that is given a name."""
    found = []
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        value = getattr(node, "value", None)
        keys = _keys(value)
        if keys is not None:
            found += [
                (target.lineno, target.id, keys) for target in targets
                if isinstance(target, ast.Name)
            ]  # fmt: skip
    return found


def _keys(value: object) -> frozenset[str] | None:
    if not isinstance(value, ast.Dict) or None in value.keys:
        return None
    return frozenset(str(k.value) for k in value.keys if isinstance(k, ast.Constant))


def _of_call(
    call: ast.Call, dicts: list[tuple[int, str, frozenset[str]]], where: str
) -> Iterator[_Use]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    keywords = {word.arg: word.value for word in call.keywords}
    if name == "Reason":
        code, facts = call.args[0], call.args[1] if len(call.args) > 1 else None
    elif len(call.args) > _BY_PLACE.get(name, len(call.args)):
        place = _BY_PLACE[name]
        code, facts = call.args[place], call.args[place + 1] if len(call.args) > place + 1 else None
    elif name in _OUTCOMES and "code" in keywords:
        code, facts = keywords["code"], keywords.get("facts")
    elif name == "RequestError":
        known = frozenset(str(word.arg) for word in call.keywords)
        for text in _texts(call.args[0]):
            yield _Use(text, known, where)
        return
    else:
        return
    for text in _texts(code):
        yield _Use(text, _facts(facts, dicts, call.lineno), where)


def _texts(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _facts(
    node: ast.expr | None, dicts: list[tuple[int, str, frozenset[str]]], line: int
) -> frozenset[str] | None:
    if node is None:
        return frozenset()
    if isinstance(node, ast.Name):
        before = [keys for at, name, keys in dicts if name == node.id and at <= line]
        return before[-1] if before else None
    return _keys(node)


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


USES = _uses()


def test_the_codes_are_found() -> None:
    codes = {use.code for use in USES}

    assert {"step_reached", "contact_spacing", "old_item", "promise_limit", "task_open"} <= codes
    assert len(codes) > 80


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    messages = Messages(language)

    silent = {use.code: use.where for use in USES if not messages.has(use.code)}

    assert silent == {}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_sentence_asks_only_facts_that_are_given(language: str) -> None:
    tables = Messages(language).tables
    asked: dict[str, set[str]] = {}
    for use in USES:
        sentence = next((t[use.code] for t in tables.values() if use.code in t), "")
        given = (use.facts or frozenset()) | _ADDED.get(use.code, set())
        lacking = _names(sentence) - given
        if lacking and (use.facts is not None or use.code in _ADDED):
            asked[f"{use.code} ({use.where})"] = lacking

    assert asked == {}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_word_of_the_house_is_translated(language: str) -> None:
    words = Messages(language).tables["words"]
    wanted = [
        *(f"status_{one}" for one in ActionStatus),
        *(f"approval_{one}" for one in Approval),
        *(f"hold_{one}" for one in HoldReason),
        *(f"via_{one}" for one in ChannelName),
        *(f"kind_{one}" for one in Kind),
        *(f"ledger_{one}" for one in Ledger),
        *(f"step_{one}" for one in StepKind),
        *(f"state_{one}" for one in ItemState),
        *(f"change_{one}" for one in ChangeKind),
        *(f"mode_{one}" for one in Mode),
    ]

    assert [word for word in wanted if word not in words] == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_kind_of_entry_in_the_journal_is_translated(language: str) -> None:
    words = Messages(language).tables["words"]
    kinds = set().union(*(_journaled(file) for file in (_ROOT / "flow").rglob("*.py")))

    assert len(kinds) > 20
    assert sorted(kind for kind in kinds if f"journal_{kind}" not in words) == []


def _journaled(file: Path) -> set[str]:
    """Return the literal kinds of what the file writes in the journal."""
    calls = [n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Call)]
    return {
        text
        for call in calls
        if ast.unparse(call.func).endswith("journal.add")
        for text in _texts(call.args[0])
    }


def test_a_hold_can_be_put_for_every_reason_of_the_core() -> None:
    assert [one.value for one in HoldWord] == [one.value for one in HoldReason]
