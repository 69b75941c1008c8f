"""What a pull remembers for the next one: which records are open, and in which version."""

import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import Workflow
from adapters.moneybird.table import (
    AGAIN,
    DROPPED,
    Table,
    decode,
    distinct,
    encode,
    lay_over,
    pieces,
)

_VERSION: Final = 1


class Ledger:
    """The known records of one kind: those of before, and what this pull laid over them.

    A checkpoint writes only what came since the last one; the rest of its text is kept.
    """

    __slots__ = ("_fresh", "_laid", "_texts", "base")

    def __init__(self, base: Table | None = None) -> None:
        self.base = Table() if base is None else base
        self._laid = Table()  # all of this pull
        self._fresh = Table()  # since the last checkpoint
        self._texts: list[str] | None = None

    def put(self, id_: int, version: int, third: int = 0) -> None:
        """Know a record; it becomes part of the base when the pass is settled."""
        self._laid.add(id_, version, third)
        self._fresh.add(id_, version, third)

    def drop(self, id_: int) -> None:
        """Know a record no more."""
        self.put(id_, DROPPED)

    def ask_again(self, id_: int) -> None:
        """Read a record in the next round, whatever its version, when it is known."""
        at = self.base.find(id_)
        if at is not None:
            self.put(id_, AGAIN, self.base.thirds[at])

    def doubt(self) -> None:
        """Read every known record again in the next round, whatever its version."""
        self.settle()
        self.base.versions = array("q", [AGAIN]) * len(self.base)
        self._texts = None

    def settle(self) -> None:
        """Make what was laid over the base part of it."""
        if len(self._laid):
            self.replace(lay_over(self.base, self._laid.sort()))

    def replace(self, base: Table) -> None:
        """Know nothing but these rows."""
        self.base, self._laid, self._fresh = base, Table(), Table()
        self._texts = None

    def write(self) -> list[str]:
        """Return the base, then what was laid over it, in turn."""
        if self._texts is None:
            self._texts = [encode(piece) for piece in pieces(self.base)]
        if len(self._fresh):
            self._texts.append(encode(self._fresh.sort()))
            self._fresh = Table()
        return self._texts

    @classmethod
    def read(cls, texts: list[str]) -> "Ledger":
        """Return what was written.

        Raises:
            ValueError: It is damaged.
        """
        base = Table()
        for text in texts:
            base = lay_over(base, decode(text))
        return cls(base)


@dataclass(slots=True)
class Cursor:
    """Everything that is known of an administration.

    Attributes:
        workflows: None: never read.
        leave: By which setting the invoices were judged.
        is_rereading: A pass that reads everything is under way; what it did not come to yet is
            unknown, or known with a version that no record has.
        owes_snapshot: What is open was never read in one pass since all was forgotten.
        known: The third number of an invoice is its contact, of a contact its language.
    """

    administration: str
    workflows: dict[str, Workflow] | None = None
    workflows_on: date | None = None
    leave: bool = False
    is_rereading: bool = False
    owes_snapshot: bool = False
    known: dict[Resource, Ledger] = field(
        default_factory=lambda: {resource: Ledger() for resource in Resource}
    )

    @classmethod
    def read(cls, text: str, administration: str) -> "Cursor | None":
        """Return the cursor; None when it is damaged, or of something else."""
        try:
            head = json.loads(text)
            if head["v"] != _VERSION or head["administration"] != administration:
                return None
            day = head["workflows_on"]
            return cls(
                administration=administration,
                workflows=_workflows(head["workflows"]),
                workflows_on=None if day is None else date.fromisoformat(day),
                leave=bool(head["leave"]),
                is_rereading=bool(head.get("rereading")),
                owes_snapshot=bool(head.get("owes_snapshot")),
                known={name: Ledger.read(head["known"][name.value]) for name in Resource},
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def write(self) -> str:
        """Return the cursor as text."""
        flags = None
        if self.workflows is not None:
            flags = {
                id_: "r" * one.reminds + "c" * one.collects for id_, one in self.workflows.items()
            }
        return json.dumps(
            {
                "v": _VERSION,
                "administration": self.administration,
                "workflows": flags,
                "workflows_on": None if self.workflows_on is None else str(self.workflows_on),
                "leave": self.leave,
                "rereading": self.is_rereading,
                "owes_snapshot": self.owes_snapshot,
                "known": {name.value: ledger.write() for name, ledger in self.known.items()},
            }
        )

    def reread(self) -> None:
        """Begin a pass that reads everything again; stopped, the next pull goes on with it."""
        for ledger in self.known.values():
            ledger.doubt()
        self.is_rereading = True

    def keep_contacts(self) -> None:
        """Know the contacts that an open item refers to, and no others.

        One whose version was never seen is known with version 0, and read in the next round.
        """
        contacts = self.known[Resource.CONTACTS]
        contacts.settle()
        columns = (
            ledger.base.thirds
            for name, ledger in self.known.items()
            if name is not Resource.CONTACTS
        )
        wanted = distinct(columns)
        if wanted == contacts.base.ids:
            return
        contacts.replace(_only(contacts.base, wanted))


def _only(table: Table, wanted: "array[int]") -> Table:
    made = Table()
    for id_ in wanted:
        at = table.find(id_)
        made.add(id_, *((0, 0) if at is None else (table.versions[at], table.thirds[at])))
    return made


def _workflows(flags: Mapping[str, Any] | None) -> dict[str, Workflow] | None:
    if flags is None:
        return None
    return {id_: Workflow(reminds="r" in flag, collects="c" in flag) for id_, flag in flags.items()}
