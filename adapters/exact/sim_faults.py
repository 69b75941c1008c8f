"""Faults on demand: what goes wrong, with which request, and what an answer looks like then."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_LONGS = ("Timestamp", "HID", "Hid", "__count", "Legislation")
_FIELDS = ("DueDate", "AmountFC")
_HTML = b"<html><head><title>Exact Online</title></head><body><h1>Exact Online</h1></body></html>"
_XML = b'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>'


class Fault(StrEnum):
    """What can go wrong with a request."""

    RATE = "rate"
    RATE_DAY = "rate_day"
    NO_HEADERS_429 = "no_headers_429"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    UNAVAILABLE = "unavailable"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    DROP = "drop"
    DROP_AFTER = "drop_after"
    RESET = "reset"
    BAD_JSON = "bad_json"
    HTML = "html"
    XML = "xml"
    TRUNCATED = "truncated"
    NO_D = "no_d"
    SHORT_LIST = "short_list"
    EMPTY_LIST = "empty_list"
    EMPTY_WITH_NEXT = "empty_with_next"
    SAME_NEXT = "same_next"
    FOREIGN_NEXT = "foreign_next"
    UNKNOWN_FIELDS = "unknown_fields"
    MISSING_FIELDS = "missing_fields"
    NULLS = "nulls"
    NUMBERS = "numbers"
    TEXTS = "texts"
    EXPIRE = "expire"
    UNAUTHORIZED = "unauthorized"
    BAD_REQUEST = "bad_request"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    REDIRECT = "redirect"
    HUGE = "huge"
    TOO_EARLY = "too_early"
    LOST_TOKEN_ANSWER = "lost_token_answer"  # noqa: S105  # no secret
    ROTATED_IN_ERROR = "rotated_in_error"
    TERMS_REPLACED_MID_PASS = "terms_replaced_mid_pass"  # noqa: S105  # no secret
    DUPLICATE_HOOK = "duplicate_hook"
    BAD_HASH = "bad_hash"


OF_HOOKS = frozenset({Fault.DUPLICATE_HOOK, Fault.BAD_HASH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer before it is sent; status 0: there is none."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str, value: str) -> "Answer":
        """Return the answer with one header more."""
        return replace(self, headers=(*self.headers, (name, value)))


@dataclass(slots=True)
class _Order:
    kind: Fault
    match: str
    wait: int
    times: int
    fields: tuple[str, ...]


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(
        self,
        kind: Fault,
        *,
        match: str | None,
        nth: int,
        times: int,
        fields: Sequence[str],
    ) -> None:
        """Order a fault for the nth request from now that matches, and those that follow."""
        self._orders.append(_Order(kind, match or "", nth - 1, times, tuple(fields)))

    def clear(self) -> None:
        """Forget all that wait."""
        self._orders.clear()

    def due(self, line: str) -> tuple[Fault, tuple[str, ...]] | None:
        """Return the fault of a request; every order that matches its line counts it."""
        found = None
        for order in list(self._orders):
            if order.kind in OF_HOOKS or order.match not in line:
                continue
            if order.wait:
                order.wait -= 1
            elif found is None:
                found = order.kind, order.fields
                self._use(order)
        return found

    def due_hook(self, kind: Fault) -> bool:
        """Return whether the next push suffers this fault."""
        for order in self._orders:
            if order.kind is kind:
                self._use(order)
                return True
        return False

    def _use(self, order: _Order) -> None:
        order.times -= 1
        if order.times <= 0:
            self._orders.remove(order)


def error(status: int, text: str) -> Answer:
    """Return an error in the words of OData; its code is empty, as it often is."""
    value = {"error": {"code": "", "message": {"lang": "", "value": text}}}
    return Answer(status=status, body=json.dumps(value, separators=(",", ":")).encode())


def unauthorized(text: str) -> Answer:
    """Return a 401, whose reason is percent-encoded in a header."""
    told = f'Bearer error="invalid_token", error_description="{text.replace(" ", "%20")}"'
    return Answer(status=401, content_type="text/plain").header("WWW-Authenticate", told)


def instead(kind: Fault) -> Answer | None:  # noqa: PLR0911  # one line a fault
    """Return what is answered in place of doing anything; None: it is done."""
    match kind:
        case Fault.RATE | Fault.RATE_DAY | Fault.NO_HEADERS_429:
            return Answer(status=429, content_type="text/plain")
        case Fault.ERROR_BEFORE:
            return error(500, "An error occurred while processing this request.")
        case Fault.UNAVAILABLE:
            return Answer(status=503, content_type="text/plain")
        case Fault.EXPIRE:
            return unauthorized("message expired")
        case Fault.UNAUTHORIZED:
            return unauthorized("user is not active")
        case Fault.BAD_REQUEST:
            return error(400, "Invalid request")
        case Fault.FORBIDDEN:
            return error(403, "Forbidden")
        case Fault.NOT_FOUND:
            return error(404, "Resource not found for the segment.")
        case Fault.TIMEOUT_BEFORE | Fault.DROP:
            return Answer(status=0)
        case _:
            return None


def spoil(  # noqa: PLR0911  # one line a fault
    kind: Fault,
    answer: Answer,
    fields: Sequence[str],
    url: str,
) -> Answer:
    """Return the answer as the fault leaves it; what was asked has been done."""
    match kind:
        case Fault.ERROR_AFTER:
            return error(500, "An error occurred while processing this request.")
        case Fault.TIMEOUT_AFTER | Fault.DROP_AFTER | Fault.LOST_TOKEN_ANSWER:
            return Answer(status=0)
        case Fault.HTML:
            return replace(answer, status=200, body=_HTML, content_type="text/html")
        case Fault.XML:
            return replace(answer, body=_XML, content_type="application/atom+xml")
        case Fault.BAD_JSON:
            return replace(answer, body=b"{'d': nothing")
        case Fault.NO_D:
            return replace(answer, body=b'{"message":"of another kind"}')
        case Fault.TRUNCATED:
            return replace(answer, body=answer.body[: len(answer.body) * 2 // 3])
        case Fault.REDIRECT:
            return Answer(status=302).header("Location", "https://elsewhere.example/login")
        case Fault.HUGE:
            return replace(answer, body=answer.body + b" " * (80 * 1024 * 1024))
        case _:
            return _changed(kind, answer, fields, url)


def _changed(kind: Fault, answer: Answer, fields: Sequence[str], url: str) -> Answer:
    if not answer.body or answer.status not in {200, 201}:
        return answer
    wire = json.loads(answer.body)
    match kind:
        case Fault.SHORT_LIST:
            _cut(wire, keep_half=True)
        case Fault.EMPTY_LIST:
            _cut(wire, keep_half=False)
        case Fault.EMPTY_WITH_NEXT:
            wire["d"] = {"results": [], "__next": f"{url}&$skiptoken=1"}
        case Fault.SAME_NEXT:
            wire["d"]["__next"] = url
        case Fault.FOREIGN_NEXT:
            path = url.partition("://")[2].partition("/")[2]
            wire["d"]["__next"] = f"https://elsewhere.example/{path}"
        case _:
            change = _change(kind, fields)
            wire = wire if change is None else change(wire)
    return replace(answer, body=json.dumps(wire).encode())


def _cut(wire: dict[str, Any], *, keep_half: bool) -> None:
    inner = wire["d"]
    rows = inner if isinstance(inner, list) else inner.get("results", [])
    del rows[len(rows) // 2 if keep_half else 0 :]
    if isinstance(inner, dict):
        inner.pop("__next", None)


def _change(kind: Fault, fields: Sequence[str]) -> Callable[[Any], Any] | None:
    named = tuple(fields) or _FIELDS
    match kind:
        case Fault.UNKNOWN_FIELDS:
            return _each(lambda row: row | {"BrandNew": {"X": 1}})
        case Fault.MISSING_FIELDS:
            return _each(lambda row: {k: v for k, v in row.items() if k not in named})
        case Fault.NULLS:
            return _each(lambda row: {k: None if k in named else v for k, v in row.items()})
        case Fault.NUMBERS:
            return _each(lambda row: {k: _number(k, v) for k, v in row.items()})
        case Fault.TEXTS:
            return _each(lambda row: {k: as_text(v) for k, v in row.items()})
        case _:
            return None


def _each(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    """Apply a change to every row, wherever it lies in the envelope."""

    def apply(value: Any) -> Any:  # noqa: ANN401  # whatever the JSON holds
        match value:
            case list():
                return [apply(one) for one in value]
            case {"__metadata": _}:
                return change(value)
            case dict():
                return {name: apply(one) for name, one in value.items()}
            case _:
                return value

    return apply


def _number(name: str, value: object) -> object:
    is_one = name in _LONGS and isinstance(value, str) and _NUMBER.fullmatch(value)
    return json.loads(str(value)) if is_one else value


def as_text(value: object) -> object:
    """Return a number or boolean as a string."""
    match value:
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return value
