"""Faults on demand: what goes wrong, with which request, and what an answer looks like then."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any

_HTML = b"<html><head><title>%s</title></head><body><center><h1>%s</h1></center></body></html>"
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")  # as JSON writes one


class Fault(StrEnum):
    """What can go wrong with a request."""

    RATE_JSON = "rate_json"
    RATE_HTML = "rate_html"
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
    TRUNCATED = "truncated"
    SHORT_LIST = "short_list"
    EMPTY_LIST = "empty_list"
    UNKNOWN_FIELDS = "unknown_fields"
    MISSING_FIELDS = "missing_fields"
    NUMBERS = "numbers"
    NULLS = "nulls"
    EXPIRE = "expire"
    FORBIDDEN = "forbidden"
    REDIRECT = "redirect"
    FOREIGN_LINK = "foreign_link"
    HUGE = "huge"
    DUPLICATE_HOOK = "duplicate_hook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer before it is sent."""

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
    match: str | None
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
        self._orders.append(_Order(kind, match, nth - 1, times, tuple(fields)))

    def clear(self) -> None:
        """Forget all that wait."""
        self._orders.clear()

    def due(self, line: str) -> tuple[Fault, tuple[str, ...]] | None:
        """Return the fault of a request; every order that matches its line counts it."""
        found = None
        for order in list(self._orders):
            if order.kind is Fault.DUPLICATE_HOOK or (order.match or "") not in line:
                continue
            if order.wait:
                order.wait -= 1
            elif found is None:
                found = order.kind, order.fields
                self._use(order)
        return found

    def due_hook(self) -> bool:
        """Return whether the next webhook is to be pushed twice."""
        for order in self._orders:
            if order.kind is Fault.DUPLICATE_HOOK:
                self._use(order)
                return True
        return False

    def _use(self, order: _Order) -> None:
        order.times -= 1
        if order.times <= 0:
            self._orders.remove(order)


def page(status: int) -> Answer:
    """Return an error page of the front server."""
    title = f"{status} {HTTPStatus(status).phrase}".encode()
    return Answer(status=status, body=_HTML % (title, title), content_type="text/html")


def instead(kind: Fault) -> Answer | None:
    """Return what is answered in place of doing anything; None: it is done."""
    match kind:
        case Fault.RATE_HTML:
            return page(429)
        case Fault.ERROR_BEFORE:
            return page(500)
        case Fault.UNAVAILABLE:
            return page(503)
        case Fault.FORBIDDEN:
            body = json.dumps({"error": "forbidden", "symbolic": {"scope": "insufficient"}})
            return Answer(status=403, body=body.encode())
        case Fault.TIMEOUT_BEFORE | Fault.DROP:
            return Answer(status=0)
        case _:
            return None


def spoil(  # noqa: PLR0911  # one line a fault
    kind: Fault,
    answer: Answer,
    fields: Sequence[str],
    elsewhere: str,
) -> Answer:
    """Return the answer as the fault leaves it; what was asked has been done."""
    match kind:
        case Fault.ERROR_AFTER:
            return page(500)
        case Fault.TIMEOUT_AFTER | Fault.DROP_AFTER:
            return Answer(status=0)
        case Fault.HTML:
            return page(200)
        case Fault.BAD_JSON:
            return replace(answer, body=b"[{'id': nothing")
        case Fault.TRUNCATED:
            return replace(answer, body=answer.body[: len(answer.body) * 2 // 3])
        case Fault.REDIRECT:
            return Answer(status=302).header("Location", f"{elsewhere}/elsewhere")
        case Fault.FOREIGN_LINK:
            return answer.header("Link", f'<{elsewhere}/api/v2?page=2>; rel="next"')
        case Fault.HUGE:
            return replace(answer, body=answer.body + b" " * (80 * 1024 * 1024))
        case _:
            change = _change(kind, fields)
            if change is None or not answer.body:
                return answer
            return replace(answer, body=json.dumps(change(json.loads(answer.body))).encode())


def _change(  # noqa: PLR0911  # one line a fault
    kind: Fault,
    fields: Sequence[str],
) -> Callable[[Any], Any] | None:
    match kind:
        case Fault.SHORT_LIST:
            return lambda rows: rows[: len(rows) // 2]
        case Fault.EMPTY_LIST:
            return lambda _: []
        case Fault.UNKNOWN_FIELDS:
            return _each(lambda row: row | {"brand_new": {"x": 1}})
        case Fault.MISSING_FIELDS:
            left_out = fields or ("due_date", "payments")
            return _each(lambda row: {k: v for k, v in row.items() if k not in left_out})
        case Fault.NULLS:
            emptied = fields or ("total_unpaid", "total_price_incl_tax")
            return _each(lambda row: {k: None if k in emptied else v for k, v in row.items()})
        case Fault.NUMBERS:
            return _numbers
        case _:
            return None


def _each(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    """Apply a change to every object of a list, or to the one object that it is."""

    def apply(value: Any) -> Any:  # noqa: ANN401  # whatever the JSON holds
        match value:
            case list():
                return [apply(one) for one in value]
            case dict():
                return change(value)
            case _:
                return value

    return apply


def _numbers(value: Any) -> Any:  # noqa: ANN401  # whatever the JSON holds
    match value:
        case list():
            return [_numbers(one) for one in value]
        case dict():
            return {name: _numbers(one) for name, one in value.items()}
        case str() if _NUMBER.fullmatch(value):
            return json.loads(value)
        case _:
            return value
