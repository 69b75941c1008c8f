"""Invented books of any size in a folder with a configuration, as an office would have them."""

import csv
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.measure import ROOT
from connector.bootstrap import open_office
from connector.flow.office import Office
from connector.flow.pull import pull

NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADMINISTRATION: Final = "jansen-bv"
_DAY: Final = date(2026, 10, 26)  # the youngest due date: every item is four weeks late or more
_ITEM_COLUMNS: Final = (
    "party_ref", "party_name", "number", "issued", "due", "currency", "open", "total", "vat",
    "document", "reference", "description",
)  # fmt: skip
_PARTY_COLUMNS: Final = (
    "ref", "name", "kind", "email", "phone", "street", "postcode", "city", "country", "kvk", "iban",
)  # fmt: skip


class Quiet:
    """A log that keeps silent."""

    def info(self, event: str, **facts: object) -> None:
        """Keep silent."""

    def warning(self, event: str, **facts: object) -> None:
        """Keep silent."""


def office(folder: Path) -> AbstractContextManager[Office]:
    """Open the office of the folder at the instant of the measures."""
    return open_office(folder / "config" / "maan.yaml", NOW, Quiet())


def write(folder: Path, items: int) -> None:
    """Write the configuration, the shipped policy and the books: five overdue items a debtor."""
    shutil.copytree(ROOT / "config", folder / "config")
    config = folder / "config" / "maan.yaml"
    _replace(config, "rehearsal: false", "rehearsal: true")
    _replace(config, "layout: auto", "layout: maan")
    # All debtors at once: the calm of a first run would leave 25 a day.
    _replace(folder / "config" / "policy.yaml", "per_day: 25 ", f"per_day: {items} ")
    books = folder / "books"
    books.mkdir()
    _table(books / "receivables.csv", _ITEM_COLUMNS, _items(items))
    _table(books / "parties.csv", _PARTY_COLUMNS, _parties(max(1, items // 5)))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{path.name} no longer says {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _table(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)


def _items(count: int) -> Iterator[tuple[object, ...]]:
    debtors = max(1, count // 5)
    for n in range(count):
        due = _DAY - timedelta(days=n % 60)
        cents = 4_000 + n * 37 % 250_000
        total = f"{cents // 100},{cents % 100:02}"
        vat = f"{cents // 6 // 100},{cents // 6 % 100:02}"
        debtor = 10_000 + n % debtors
        yield (
            debtor, f"Debiteur {debtor} B.V.", f"F{2_600_000 + n}", due - timedelta(days=30), due,
            "EUR", total, total, vat, "invoice", f"{debtor}/{2_600_000 + n}", f"Levering {n}",
        )  # fmt: skip


def _parties(count: int) -> Iterator[tuple[object, ...]]:
    for n in range(count):
        ref = 10_000 + n
        yield (
            ref, f"Debiteur {ref} B.V.", "company", f"info{ref}@debiteur.example",
            f"030-{1_000_000 + n}", f"Kerkstraat {n % 300 + 1}", f"{1000 + n % 9000} AB", "Utrecht",
            "NL", 10_000_000 + n, _iban(n),
        )  # fmt: skip


def _iban(account: int) -> str:
    check = 98 - int(f"10112310{account:010}232100") % 97
    return f"NL{check:02}ABNA{account:010}"


if __name__ == "__main__":
    target, size = Path(sys.argv[1]), int(sys.argv[2])
    write(target, size)
    if "--pulled" in sys.argv:
        with office(target) as opened:
            pull(opened.administration(ADMINISTRATION))
    print("{}")
