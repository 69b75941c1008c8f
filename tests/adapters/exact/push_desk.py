"""A desk with invented books, on which Exact's pusher is tried."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from adapters.exact.client import Client
from adapters.exact.odata import Page
from adapters.exact.push import Pusher
from adapters.exact.settings import ExactSettings
from adapters.exact.terms import Term, memo_of
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import OutcomeUnknownError, RefusedError, UnavailableError
from connector.port.records import ItemId, Memo
from connector.testkit.tools import FakeClock, FakeTools

TODAY = date(2026, 11, 26)
DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"
TYPES = "documents/DocumentTypes"
NOTES = "activities/CommunicationNotes"
TASKS = "activities/Tasks"
ACCOUNTS = "crm/Accounts"
RECEIVABLES = "cashflow/Receivables"

_TEST = re.compile(r"(\w+) (eq|ge) (?:guid|datetime)'([^']*)'")


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


ENTRY, OTHER_ENTRY = guid(0xE1), guid(0xE2)
ACCOUNT, OTHER_ACCOUNT = guid(0xA1), guid(0xA2)
VALUE = guid(0xC1)


class CrashError(BaseException):
    """The process ends here."""


class FakeClient(Client):
    """Books in memory; a request fails as told, before or after its effect."""

    def __init__(self) -> None:
        self.books: dict[str, list[dict[str, Any]]] = {
            TYPES: [
                {"ID": 55, "DocumentIsCreatable": True},
                {"ID": 50, "DocumentIsCreatable": "false"},
            ],
            ACCOUNTS: [{"ID": ACCOUNT, "Blocked": False, "Classification3": None}],
        }
        self.calls: list[str] = []
        self.filters: list[str] = []
        self.faults: dict[str, list[tuple[BaseException | None, bool]]] = {}
        self.is_idless = False  # answers to what is made lack an ID

    def fail(self, call: str, error: BaseException | None, *, done: bool = False) -> None:
        """Fail the next such call; calls that are not told of go well, None goes well too."""
        self.faults.setdefault(call, []).append((error, done))

    def add(self, path: str, **fields: Any) -> dict[str, Any]:
        rows = self.books.setdefault(path, [])
        row = {"ID": guid(0x100 * len(self.books) + len(rows)), **fields}
        rows.append(row)
        return row

    def rows(
        self,
        path: str,
        *,
        select: Sequence[str],
        filter: str | None = None,  # noqa: A002  # OData's own word
        top: int | None = None,
        urgent: bool = False,
    ) -> Iterator[Page]:
        assert urgent
        assert (top is not None) is (path == RECEIVABLES)  # which may have many rows
        self.filters.append(filter or "")
        self._run(f"GET {path}", lambda: None)
        found = [row for row in self.books.get(path, []) if _passes(row, filter or "")]
        shown = [{name: row.get(name) for name in select} for row in found]
        middle = len(shown) // 2
        yield Page(rows=tuple(shown[:middle]))
        yield Page(rows=tuple(shown[middle:]))

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self._run(f"POST {path}", lambda: made.update(self.add(path, **body)))
        return {} if self.is_idless else made

    def update(self, path: str, body: Mapping[str, Any]) -> None:
        resource, _, key = path.partition("(guid'")
        (row,) = [one for one in self.books[resource] if one["ID"] == key.removesuffix("')")]
        self._run(f"PUT {resource}", lambda: row.update(body))

    def _run(self, call: str, effect: Callable[[], None]) -> None:
        self.calls.append(call)
        waiting = self.faults.get(call)
        error, done = waiting.pop(0) if waiting else (None, False)
        if error is None or done:
            effect()
        if error is not None:
            raise error


def _passes(row: Mapping[str, Any], filter_: str) -> bool:
    tests = [
        str(row.get(name)) == value if way == "eq" else str(row.get(name)) >= value
        for name, way, value in _TEST.findall(filter_)
    ]
    return any(tests) if " or " in filter_ else all(tests)


@dataclass
class Desk:
    """A pusher on invented books."""

    client: FakeClient
    tools: FakeTools
    settings: ExactSettings
    pusher: Pusher = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    @property
    def clock(self) -> FakeClock:
        return self.tools.clock

    def restart(self) -> None:
        """Begin as a new process: nothing is remembered."""
        self.pusher = Pusher(lambda: self.client, self.settings, self.tools)
        self.client.calls.clear()

    def rows(self, path: str) -> list[dict[str, Any]]:
        return self.client.books.get(path, [])

    def writes(self) -> list[str]:
        return [call for call in self.client.calls if not call.startswith("GET")]


def settings(**choices: Any) -> ExactSettings:
    return ExactSettings(division=123, client_id="abc", client_secret="env:SECRET", **choices)


def desk(*memos: Memo, **choices: Any) -> Desk:
    tools = FakeTools()
    tools.keep(memos or [memo_of(term())])
    return Desk(FakeClient(), tools, settings(**choices))


def term(number: int = 1, **fields: Any) -> Term:
    texts: dict[str, Any] = dict.fromkeys(Term._fields, "")
    texts |= dict.fromkeys(("stamp", "era", "amount", "amount_dc", "total"), 1)
    texts |= {"side": "R", "state": "20", "kind": "20", "slot": "2026-10-01"}
    texts |= {"id": guid(number), "entry": ENTRY, "account": ACCOUNT}
    return Term(**(texts | fields))


def order(verb: PushVerb, *items: str, **fields: Any) -> PushOrder:
    given: dict[str, Any] = {"key": "k1", "text": "Tekst", "on": TODAY} | fields
    named = tuple(ItemId(item) for item in items or (f"R/{ENTRY}",))
    return PushOrder(verb=verb, items=named, **given)


def message(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.RECORD_MESSAGE, *items, **fields)


def letter(*items: str, **fields: Any) -> PushOrder:
    return message(*items, **({"document": b"%PDF-1", "facts": {"file": "brief.pdf"}} | fields))


def handover(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.RECORD_HANDOVER, *items, **fields)


def task(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.RECORD_TASK, *items, **fields)


def changed(was: PushOrder, **fields: Any) -> PushOrder:
    return replace(was, **fields)


UNKNOWN = OutcomeUnknownError("wire_outcome_unknown", endpoint="x", kind="timeout")
REFUSED = RefusedError("wire_refused", status=400, endpoint="x", reference="x")
AWAY = UnavailableError("wire_unavailable", endpoint="x", kind="reset")
