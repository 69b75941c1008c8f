"""The stage: a simulator as demo and testkit see it, in words that all packages share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from connector.port.money import Money
from connector.port.records import Document, Ledger, PartyRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A document in the books of a stage.

    Attributes:
        number: Unique on its side of the books.
        total: With VAT; negative for a credit note.
        payments: What came in, by day, oldest first; positive.
        names_invoice: Of a credit note: the invoice that it lowers.
    """

    ledger: Ledger
    document: Document
    number: str
    party: PartyRecord
    issued: date
    due: date
    total: Money
    vat: Money
    description: str
    payments: tuple[tuple[date, Money], ...] = ()
    names_invoice: str | None = None


class Stage(Protocol):
    """A running simulator with one administration. Close it."""

    @property
    def source(self) -> Mapping[str, object]:
        """What stands under `source` in maan.yaml."""
        ...

    @property
    def files(self) -> Mapping[str, str]:
        """The secrets that the source refers to, by path below the root."""
        ...

    def show(self, books: Sequence[Shown], day: date) -> None:
        """Bring the books to the start of a day: what was issued, and what was paid before it.

        Shown again, only what is new is added.
        """
        ...

    def consent(self, url: str) -> str:
        """Say yes at the address where a person would, and return the code."""
        ...

    def close(self) -> None:
        """Stop the simulator."""
        ...
