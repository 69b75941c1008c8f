"""Checks what was sent and answered against the official description of the API.

The description is no part of the project: its path comes from MAAN_MONEYBIRD_OPENAPI, else it is
looked for in a folder beside the repository. Where it is not there, nothing can be checked.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import ImmutableMultiDict

from adapters.moneybird.simulator import Recorded

_BESIDE = Path(__file__).parents[4] / "shared" / "facts" / "moneybird-openapi.json"
_HOST = "https://moneybird.com"
_ROOT = "/api/v2/"
_GENERAL = {
    "400": "400_bad_request",
    "401": "401_unauthorized",
    "403": "403_forbidden",
    "404": "404_not_found",
    "429": "429_too_many_requests",
}
"""Answers that every operation may give and not every one names."""


def document_path() -> Path | None:
    """Return where the description lies, None when it is not there."""
    named = os.environ.get("MAAN_MONEYBIRD_OPENAPI")  # noqa: TID251  # a setting of the tests
    path = Path(named) if named else _BESIDE
    return path if path.is_file() else None


def check_exchange(recorded: Recorded) -> None:
    """Check a request, and its answer unless it was spoilt on purpose.

    Strict: fields that the description does not name are faults, and so are query parameters.

    Raises:
        AssertionError: What is not as described, with the place.
    """
    api = description()
    if api is None or not recorded.path.startswith(_ROOT):
        return
    request = _request(recorded)
    try:
        known = api.unmarshal_request(request)
        known.raise_for_errors()
        if recorded.status and recorded.fault is None:
            api.validate_response(request, _response(recorded))
    except OpenAPIError as error:
        raise AssertionError(f"{recorded.line} -> {recorded.status}: {_told(error)}") from error
    foreign = {name for name, _ in parse_qsl(recorded.query)} - set(known.parameters.query)
    if foreign:
        raise AssertionError(f"{recorded.line}: no such parameter {sorted(foreign)}")


@cache
def description() -> OpenAPI | None:
    """Return the description, made fit for checking; None when it is not there."""
    path = document_path()
    if path is None:
        return None
    document = json.loads(path.read_bytes())
    document["paths"] = {
        path.replace("{format}", ".json"): item for path, item in document["paths"].items()
    }
    for operation in _operations(document):
        named = (_resolved(document, one) for one in operation.get("parameters", []))
        operation["parameters"] = [_plain(one) for one in named if one["name"] != "format"]
        for status, name in _GENERAL.items():
            operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
    config = Config(
        spec_validator_cls=None,  # type: ignore[arg-type]  # None is how it is switched off
        extra_media_type_deserializers={"application/*": json.loads, "text/xml": bytes.decode},
    )
    return OpenAPI.from_dict(document, config=config)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from item.values()


def _resolved(document: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    name = parameter.get("$ref", "").rpartition("/")[2]
    return document["components"]["parameters"][name] if name else parameter


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    """Make a parameter a text, as it is on the wire: the checker knows no lists of types."""
    schema = parameter["schema"]
    if schema.get("$ref", "").rpartition("/")[2] in {"identifier", "administration_id"}:
        return parameter | {"schema": {"type": "string", "pattern": r"^\d+$"}}
    if isinstance(schema.get("type"), list):
        return parameter | {"schema": schema | {"type": "string"}}
    return parameter


def _request(recorded: Recorded) -> MockRequest:
    return MockRequest(
        _HOST,
        recorded.method.lower(),
        recorded.path,
        args=ImmutableMultiDict(parse_qsl(recorded.query)),
        headers=dict(recorded.headers),
        data=recorded.body or None,
        content_type=recorded.headers.get("content-type", "application/json").partition(";")[0],
    )


def _response(recorded: Recorded) -> MockResponse:
    return MockResponse(
        recorded.answer,
        recorded.status,
        headers=dict(recorded.answer_headers),
        content_type=recorded.answer_headers["content-type"].partition(";")[0],
    )


def _told(error: OpenAPIError) -> str:
    """Say where a schema was not met, without the whole body."""
    causes = getattr(error.__cause__ or error, "schema_errors", ())
    places = [f"{list(one.absolute_path)}: {one.message[:200]}" for one in causes]
    return "; ".join(places) or f"{error}: {error.__cause__}"


def properties(schema: str) -> frozenset[str]:
    """Return the fields that a schema names; empty when the description is not there."""
    path = document_path()
    if path is None:
        return frozenset()
    schemas = json.loads(path.read_bytes())["components"]["schemas"]
    return frozenset(_names(schemas, schemas[schema]))


def _names(schemas: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    own = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    names = set(own.get("properties", {}))
    return names.union(*(_names(schemas, part) for part in own.get("allOf", [])))
