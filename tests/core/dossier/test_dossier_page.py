"""The schema is published, and every field of it stands on the page."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema

from connector.core.dossier.gaps import REQUIRED
from connector.core.dossier.schema import schema_text

DOCS = Path(__file__).parents[3] / "docs"


def fields(node: Any, path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, child in node.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        found[place] = child.get("description", "")
        found |= fields(child, place) | fields(child.get("items", {}), f"{place}[]")
    return found


def test_the_published_schema_is_the_one_in_use() -> None:
    assert (DOCS / "dossier.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


def test_every_field_is_described() -> None:
    assert [name for name, text in fields(json.loads(schema_text())).items() if not text] == []


def test_every_field_stands_on_the_page_and_no_other() -> None:
    page = (DOCS / "dossier.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.\[\]]+)` \| [^|]+ \| (?:yes)? *\|", page, re.MULTILINE)

    assert sorted(named) == sorted(fields(json.loads(schema_text())))


def test_what_blocks_is_said_on_the_page() -> None:
    page = (DOCS / "dossier.md").read_text(encoding="utf-8")
    blocking = set(re.findall(r"^\| `([\w.\[\]]+)` \|.*\| blocks \|", page, re.MULTILINE))

    assert blocking >= REQUIRED
