"""Whatever code the product raises or gives as a reason, both catalogues have its sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.app.messages import Messages

_ROOT = Path(__file__).parents[2]
_FILES = sorted([*(_ROOT / "connector").rglob("*.py"), *(_ROOT / "adapters").rglob("*.py")])


def _codes(file: Path) -> Iterator[str]:
    """Yield the literal codes of errors and reasons that are made in the file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            code = node.args[0].value
            if isinstance(code, str) and (name.endswith("Error") or name == "Reason"):
                yield code


def _is_code(text: str) -> bool:
    return all(part.isidentifier() and part.islower() for part in text.split("."))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_has_a_sentence(language: str) -> None:
    messages = Messages(language)

    missing = sorted(
        f"{file.relative_to(_ROOT)}: {code}"
        for file in _FILES
        for code in _codes(file)
        if _is_code(code) and not messages.has(code)
    )

    assert missing == []
