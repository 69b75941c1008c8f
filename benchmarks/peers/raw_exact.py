"""The limit of the machine for a pull of pages of 1000: requests, json and sqlite3, no checks."""

import sqlite3
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import requests

from benchmarks.measure import report, timed
from benchmarks.peers.exact_pages import authorise, pages

_TERM = (
    "id", "entry", "kind", "status", "account", "account_code", "open_cents", "total_cents",
    "currency", "description", "due", "invoiced", "number", "your_ref", "stamp",
)  # fmt: skip
_ACCOUNT = (
    "id", "code", "name", "email", "phone", "language", "country", "street", "postcode", "city",
    "kvk", "vat", "contact", "blocked", "stamp",
)  # fmt: skip
_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000
_Row = dict[str, Any]


def main(terms: str, accounts: str, client: str, secret: str) -> None:
    with tempfile.TemporaryDirectory() as name, requests.Session() as session:
        database = sqlite3.connect(Path(name) / "raw.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        for table, columns in (("term", _TERM), ("account", _ACCOUNT)):
            database.execute(f"CREATE TABLE {table} ({', '.join(columns)}, PRIMARY KEY (id))")
        authorise(session, terms, client, secret)

        def run() -> None:
            for page in pages(session, accounts):
                database.executemany(_upsert("account", _ACCOUNT), map(_account, page))
                database.commit()
            for page in pages(session, terms):
                database.executemany(_upsert("term", _TERM), map(_term, page))
                database.commit()

        before = process_time()
        seconds, peak = timed(run)
        processor = process_time() - before
        again, _ = timed(run)
        (rows,) = database.execute("SELECT count(*) FROM term").fetchone()
        database.close()
    report(seconds=seconds, cpu=processor, again=again, peak_mb=peak, rows=rows)


def _upsert(table: str, columns: tuple[str, ...]) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {sets}"


def _term(row: _Row) -> tuple[object, ...]:
    return (
        row["ID"], row["TransactionEntryID"], row["TransactionType"], row["Status"],
        row["Account"], (row["AccountCode"] or "").strip(), _cents(row["AmountFC"]),
        _cents(row["TransactionAmountFC"]), row["Currency"], row["Description"],
        _day(row["DueDate"]), _day(row["InvoiceDate"]), row["InvoiceNumber"], row["YourRef"],
        int(row["Timestamp"]),
    )  # fmt: skip


def _account(row: _Row) -> tuple[object, ...]:
    return (
        row["ID"], row["Code"].strip(), row["Name"], row["Email"], row["Phone"], row["Language"],
        row["Country"], row["AddressLine1"], row["Postcode"], row["City"], row["ChamberOfCommerce"],
        row["VATNumber"], row["MainContact"], row["Blocked"], int(row["Timestamp"]),
    )  # fmt: skip


def _cents(amount: float) -> int:
    return int((Decimal(repr(amount)) * 100).to_integral_value())


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    return (_EPOCH + timedelta(days=int(text[6:-2]) // _DAY)).isoformat()


if __name__ == "__main__":
    main(*sys.argv[1:5])
