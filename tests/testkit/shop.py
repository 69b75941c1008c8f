"""A remote of the simplest kind, in memory: pages, tokens, reminders, and faults on demand."""

import json
import threading
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connector.port.adapter import Adapter, PushOrder, PushVerb
from connector.port.records import ItemId
from connector.port.tools import Tools
from connector.testkit.mounts import Ability, Fault
from connector.testkit.tools import FakeTools

NAME = "Bakkerij De Wit"
PAGE_ROWS = 10


@dataclass
class Row:
    number: int
    place: int
    version: int
    total: Decimal
    currency: str = "EUR"
    kind: str = "invoice"  # invoice | credit | bill
    payments: list[Decimal] = field(default_factory=list)
    is_gone: bool = False
    is_broken: bool = False

    def wire(self) -> dict[str, Any]:
        rest = self.total - sum(self.payments, Decimal(0))
        return {
            "id": self.number,
            "gone": self.is_gone,
            "kind": self.kind,
            "party": {"id": 7, "name": NAME},
            "issued": "2026-09-01",
            "currency": self.currency,
            "total": f"{self.total:.2f}",
            "open": "zeven" if self.is_broken else f"{rest:.2f}",
        }


@dataclass
class Trouble:
    kind: Fault
    after: int
    times: int | None


class Server:
    """Answers with a status and a text; raises what a connection would raise."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.notes: dict[int, list[str]] = {}
        self.requests = 0
        self.renewals = 0
        self.version = 0
        self.trouble: Trouble | None = None
        self.form: Fault | None = None
        self.is_locked = False
        self.tokens = {"access": "access-0", "refresh": "refresh-0"}
        self._guard = threading.Lock()

    def bump(self) -> int:
        self.version += 1
        return self.version

    def get(self, access: str, since: int, start: int, by: str) -> tuple[int, str]:
        """Return a page: rows after the key `start`, or from that place in the list on."""
        with self._guard:
            return self._answer(access, lambda: self._page(since, start, by))

    def read(self, access: str, numbers: list[int]) -> tuple[int, str]:
        with self._guard:
            return self._answer(access, lambda: {"rows": self._listed(numbers)})

    def noted(self, access: str, number: int) -> tuple[int, str]:
        with self._guard:
            return self._answer(access, lambda: {"notes": self.notes.get(number, [])})

    def remind(self, access: str, number: int, key: str) -> tuple[int, str]:
        with self._guard:
            return self._answer(access, lambda: self._remind(number, key), is_write=True)

    def renew(self, refresh: str) -> dict[str, str] | None:
        with self._guard:
            if self.is_locked or refresh != self.tokens["refresh"]:
                return None
            self.renewals += 1
            self.tokens = {
                "access": f"access-{self.renewals}",
                "refresh": f"refresh-{self.renewals}",
            }
            return dict(self.tokens)

    def _answer(self, access: str, work: Any, *, is_write: bool = False) -> tuple[int, str]:
        self.requests += 1
        fault = self._due(is_write=is_write)
        if fault is Fault.TOKEN_EXPIRY:
            self.tokens["access"] = "none yet"
        elif fault is Fault.BAD_CREDENTIALS:
            self.is_locked = True
        if self.is_locked or access != self.tokens["access"]:
            return 401, ""
        match fault:
            case Fault.RATE_LIMITED:
                return 429, "30"
            case Fault.AWAY_503:
                return 503, "<html>"
            case Fault.TIMEOUT | Fault.WRITE_TIMEOUT_BEFORE:
                raise TimeoutError
            case _:
                return self._body(fault, work())

    def _body(self, fault: Fault | None, answer: dict[str, Any]) -> tuple[int, str]:
        rows = answer.get("rows", [])
        match fault:
            case Fault.SHORT_LIST:
                answer |= {"rows": rows[: len(rows) // 2], "more": False}
            case Fault.EMPTY_AFTER_ROWS:
                answer |= {"rows": [], "more": False, "count": 0}
            case Fault.WRITE_TIMEOUT_AFTER:
                raise TimeoutError
            case _:
                pass
        text = json.dumps(answer)
        match fault:
            case Fault.RESET_MIDBODY:
                raise ConnectionResetError
            case Fault.HTML_200:
                return 200, "<html>"
            case Fault.INVALID_JSON:
                return 200, text.replace(":", ";")
            case Fault.TRUNCATED:
                return 200, text[: len(text) // 2]
            case _:
                return 200, text

    def _due(self, *, is_write: bool) -> Fault | None:
        trouble = self.trouble
        if trouble is None or (trouble.kind.startswith("write") and not is_write):
            return None
        if trouble.after > 0:
            trouble.after -= 1
            return None
        if trouble.times is not None:
            trouble.times -= 1
            if trouble.times <= 0:
                self.trouble = None
        return trouble.kind

    def _page(self, since: int, start: int, by: str) -> dict[str, Any]:
        rows = [one for one in self.rows.values() if one.version > since]
        if by == "key":
            rows = [one for one in sorted(rows, key=lambda one: one.number) if one.number > start]
        else:
            rows = sorted(rows, key=lambda one: one.place)[start:]
            rows = [one for one in rows if not one.is_gone]
        page = rows[:PAGE_ROWS]
        return {
            "rows": [self._shaped(one) for one in page],
            "count": len(rows),
            "more": len(rows) > len(page),
            "version": self.version,
        }

    def _listed(self, numbers: list[int]) -> list[dict[str, Any]]:
        known = (self.rows.get(number) for number in numbers)
        return [self._shaped(one) for one in known if one is not None and not one.is_gone]

    def _shaped(self, row: Row) -> dict[str, Any]:
        wire = row.wire()
        match self.form:
            case Fault.UNKNOWN_FIELD:
                wire["brand_new"] = {"x": 1}
            case Fault.MISSING_FIELD:
                del wire["open"]
            case Fault.TYPE_CHANGE:
                wire["open"] = {"cents": 12100}
            case _:
                pass
        return wire

    def _remind(self, number: int, key: str) -> dict[str, Any]:
        self.notes.setdefault(number, []).append(key)
        return {"note": f"note-{number}-{len(self.notes[number])}"}


class ShopMount:
    abilities = frozenset(Ability)
    faults = frozenset(Fault)
    page_rows = PAGE_ROWS
    rows_again = 0
    idle_requests = 1
    verbs = (PushVerb.REMIND,)

    def __init__(self, make: Any) -> None:
        self.server = Server()
        self.tools = FakeTools()
        self.tools.vault.write("shop:token", json.dumps(self.server.tokens))
        self._make = make

    @property
    def confidential(self) -> list[str]:
        return [NAME, "access-0", "refresh-0"]

    def adapter(self, tools: Tools) -> Adapter:
        made: Adapter = self._make(self.server, tools)
        return made

    def add_invoice(self, amount: Decimal, *, currency: str = "EUR") -> ItemId:
        return self._add(total=amount, currency=currency)

    def add_payable(self, amount: Decimal) -> ItemId:
        return self._add(total=amount, kind="bill")

    def pay(self, item: ItemId, amount: Decimal) -> None:
        self._change(item).payments.append(amount)

    def reverse(self, item: ItemId) -> None:
        self._change(item).payments.pop()

    def credit(self, item: ItemId, amount: Decimal) -> ItemId:
        return self._add(total=-amount, kind="credit")

    def delete(self, item: ItemId) -> None:
        self._change(item).is_gone = True

    def move(self, item: ItemId) -> None:
        places = [row.place for row in self.server.rows.values()]
        row = self._change(item)
        row.place = max(places) + 1 if row.place == min(places) else min(places) - 1

    def break_row(self, item: ItemId) -> None:
        self._change(item).is_broken = True

    def odd_cursors(self, cursor: str) -> list[str]:
        known = json.loads(cursor)
        odd = ({"books": "others"}, {"since": known["since"] + 10**9}, {"form": 99})
        return [json.dumps({**known, **one}) for one in odd]

    def fault(self, kind: Fault, *, after: int = 0, times: int | None = 1) -> None:
        if kind in {Fault.UNKNOWN_FIELD, Fault.MISSING_FIELD, Fault.TYPE_CHANGE}:
            self.server.form = kind
            for row in self.server.rows.values():
                row.version = self.server.bump()
        else:
            self.server.trouble = Trouble(kind, after, times)

    def heal(self) -> None:
        self.server.trouble = self.server.form = None
        self.server.is_locked = False

    def requests(self) -> int:
        return self.server.requests

    def renewals(self) -> int:
        return self.server.renewals

    def order(self, verb: PushVerb, item: ItemId, key: str) -> PushOrder:
        on = self.tools.clock.now().date()
        return PushOrder(key=key, verb=verb, items=(item,), on=on)

    def effects(self, verb: PushVerb, item: ItemId) -> int:
        return len(self.server.notes.get(_number(item), []))

    def close(self) -> None:
        pass

    def _add(self, **what: Any) -> ItemId:
        number = len(self.server.rows) + 101
        self.server.rows[number] = Row(
            number=number, place=number, version=self.server.bump(), **what
        )
        return ItemId(f"{'P' if what.get('kind') == 'bill' else 'R'}/{number}")

    def _change(self, item: ItemId) -> Row:
        row = self.server.rows[_number(item)]
        row.version = self.server.bump()
        return row


def _number(item: ItemId) -> int:
    return int(item.partition("/")[2])
