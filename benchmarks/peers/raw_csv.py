"""The limit of the machine for a pull: the csv module straight into sqlite3, nothing checked."""

import csv
import sqlite3
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import report, timed


def main(books: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        database = sqlite3.connect(Path(name) / "raw.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        seconds, peak = timed(lambda: _load_all(database, books))
        database.close()
    report(seconds=seconds, peak_mb=peak)


def _load_all(database: sqlite3.Connection, books: Path) -> None:
    for path in books.glob("*.csv"):
        _load(database, path)


def _load(database: sqlite3.Connection, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=";")
        header = next(rows)
        columns = ", ".join(f'"{name}" TEXT' for name in header)
        key = "number" if "number" in header else "ref"
        database.execute(f'CREATE TABLE {path.stem} ({columns}, PRIMARY KEY ("{key}"))')
        marks = ", ".join("?" * len(header))
        database.executemany(f"INSERT INTO {path.stem} VALUES ({marks})", rows)
        database.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
