"""A start loads only what it needs: help is quick and an idle sidecar stays small."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from connector.__main__ import main

HEAVY = ("alembic", "jsonschema", "openpyxl", "psycopg", "typst")
START = """
import json, sys
from connector.app.cli import execute
execute(sys.argv[1:], environ={})
print(json.dumps(sorted(sys.modules)))
"""


def loaded(*words: str) -> list[str]:
    """Return the modules that a new process has loaded after a command."""
    done = subprocess.run(
        [sys.executable, "-c", START, *words], capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def config(tmp_path: Path) -> str:
    assert main(["init", str(tmp_path), "--yes"]) == 0
    path = str(tmp_path / "config" / "maan.yaml")
    main(["--config", path, "status"])  # makes the store: that does need Alembic
    return path


def test_the_sidecar_does_without_what_it_does_not_use(config: str) -> None:
    found = loaded("--config", config, "run", "--once")

    assert "sqlalchemy" in found
    assert [name for name in HEAVY if name in found] == []
    assert len(found) < 950


def test_help_loads_neither_store_nor_policy() -> None:
    found = loaded("--help")

    assert [name for name in (*HEAVY, "sqlalchemy", "pydantic", "jinja2") if name in found] == []
