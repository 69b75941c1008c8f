"""The limit of the machine for a pull over HTTP: requests, json and sqlite3, nothing checked."""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import requests

from benchmarks.measure import report, timed

_COLUMNS = (
    "id", "number", "contact", "name", "issued", "due", "currency", "open_cents", "total_cents",
    "vat_cents", "state", "reference", "payment_url", "reminders", "version",
)  # fmt: skip
_TABLE = f"CREATE TABLE invoice ({', '.join(_COLUMNS)}, PRIMARY KEY (id))"
_UPSERT = (
    f"INSERT INTO invoice VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
)
_IDS = 100


def main(listing: str, token: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        database = sqlite3.connect(Path(name) / "raw.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute(_TABLE)
        before = process_time()
        seconds, peak = timed(lambda: _pull(database, listing, token))
        processor = process_time() - before
        again, _ = timed(lambda: _pull(database, listing, token))
        (rows,) = database.execute("SELECT count(*) FROM invoice").fetchone()
        database.close()
    report(seconds=seconds, cpu=processor, again=again, peak_mb=peak, rows=rows)


def _pull(database: sqlite3.Connection, listing: str, token: str) -> None:
    for page in _pages(listing, token):
        database.executemany(_UPSERT, map(_row, page))
        database.commit()


def _pages(listing: str, token: str) -> Iterator[list[dict[str, Any]]]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        ids = [row["id"] for row in session.get(listing, timeout=60).json()]
        address = listing.partition("?")[0]
        for start in range(0, len(ids), _IDS):
            asked = {"ids": ids[start : start + _IDS]}
            yield session.post(address, json=asked, timeout=60).json()


def _row(row: dict[str, Any]) -> tuple[object, ...]:
    total = _cents(row["total_price_incl_tax"])
    return (
        row["id"], row["invoice_id"], row["contact_id"], row["contact"]["company_name"],
        row["invoice_date"], row["due_date"], row["currency"], _cents(row["total_unpaid"]), total,
        total - _cents(row["total_price_excl_tax"]), row["state"], row["payment_reference"],
        row["payment_url"], row["reminder_count"], row["version"],
    )  # fmt: skip


def _cents(text: str) -> int:
    return int(Decimal(text) * 100)


if __name__ == "__main__":
    main(*sys.argv[1:3])
