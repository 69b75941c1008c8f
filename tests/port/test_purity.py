"""The pure rooms stay pure: no float, no clock, no disk, no environment, no chance."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXACT = sorted(
    [
        *ROOT.glob("connector/port/**/*.py"),
        *ROOT.glob("connector/core/**/*.py"),
        *ROOT.glob("connector/store/**/*.py"),
        *ROOT.glob("adapters/*/mapping.py"),
        *ROOT.glob("adapters/csv/numbers.py"),
    ]
)
PURE = [path for path in EXACT if path.parts[len(ROOT.parts) + 1] in {"core", "port"}]
NO_MONEY = {
    ("connector/port/tools.py", "float"),  # a clock sleeps for a part of a second
    ("connector/store/engine.py", "float"),  # seconds to wait for a lock
    ("connector/store/locks.py", "float"),
    ("connector/store/locks.py", "0.02"),
    ("connector/core/policy/faults.py", "0.6"),  # how much two words look alike
    ("connector/core/policy/forms.py", "float"),  # refuses one
}
TYPES = {"connector/port/tools.py": {"pathlib"}}  # the shape of what an adapter is lent
BANNED = {
    "os", "pathlib", "random", "secrets", "time", "socket", "sqlite3", "subprocess", "tempfile",
    "shutil", "requests", "logging", "structlog", "sqlalchemy", "sqlmodel", "uuid",
}  # fmt: skip
READS = {"now", "utcnow", "today", "fromtimestamp", "open", "print", "input", "getenv", "urandom"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def floats(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        if literal or (isinstance(node, ast.Name) and node.id == "float"):
            yield ast.unparse(node)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                yield called.id
            elif isinstance(called, ast.Attribute):
                yield called.attr


def test_there_is_something_to_look_at() -> None:
    assert len(PURE) > 40
    assert len(EXACT) > len(PURE) + 10
    assert any(path.name == "mapping.py" for path in EXACT)


@pytest.mark.parametrize("path", EXACT, ids=name)
def test_no_amount_can_be_a_float(path: Path) -> None:
    allowed = {text for where, text in NO_MONEY if where == name(path)}

    assert set(floats(tree(path))) == allowed


@pytest.mark.parametrize("path", PURE, ids=name)
def test_pure_room_reaches_for_nothing_outside(path: Path) -> None:
    assert set(imports(path)) & BANNED <= TYPES.get(name(path), set())


@pytest.mark.parametrize("path", PURE, ids=name)
def test_pure_room_asks_no_clock_and_opens_no_file(path: Path) -> None:
    assert set(calls(path)) & READS == set()


@pytest.mark.parametrize("text", ["x = 1.5", "x = float('1')", "def f(x: float) -> None: ..."])
def test_float_is_seen_where_it_is(text: str) -> None:
    assert list(floats(ast.parse(text)))


@pytest.mark.parametrize("text", ["x = 1", "x = Decimal('1.50')", '"""A float."""'])
def test_no_float_is_seen_where_there_is_none(text: str) -> None:
    assert not list(floats(ast.parse(text)))
