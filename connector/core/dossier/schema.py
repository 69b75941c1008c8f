"""The published JSON Schema of dossier.json, and data held against it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SCHEMA_NAME: Final = "dossier.schema.json"


def validate(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what in the data does not fit the schema, as `claims.0.open: pattern`; sorted.

    Only the place and the broken rule are named, never the value: it may be personal.
    """
    found = _validator().iter_errors(data)
    return tuple(
        sorted(
            f"{'.'.join(str(part) for part in error.absolute_path) or '.'}: {error.validator}"
            for error in found
        )
    )


@cache
def schema_text() -> str:
    """Return the schema as it is published in docs/."""
    return (resources.files("connector.core.dossier") / SCHEMA_NAME).read_text(encoding="utf-8")


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # slow to import, seldom needed

    return Draft202012Validator(json.loads(schema_text()))
