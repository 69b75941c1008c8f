"""What every part of a unit works with: the connection, the administration, the time."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from connector.port.tools import Clock
from connector.store.running import RunningPulls
from connector.store.tables import table

BLOCK = 1000
_Row = TypeVar("_Row")
_ZONE = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One transaction on one administration.

    Attributes:
        touched: Debtors that this transaction has made due already.
    """

    connection: sa.Connection
    administration: str
    clock: Clock
    pulls: RunningPulls
    touched: set[str] = field(default_factory=set)

    def now(self) -> str:
        """Return the present instant as stored."""
        return instant_text(self.clock.now())

    def today(self) -> date:
        """Return the local day of the administration."""
        return self.clock.now().astimezone(ZoneInfo(_ZONE)).date()

    def serialise(self) -> None:
        """Let nobody else propose or write the journal of this administration meanwhile.

        SQLite has one writer anyway; on PostgreSQL an advisory lock lasts until the end of the
        transaction.
        """
        if self.connection.dialect.name == "postgresql":
            digest = hashlib.sha256(b"maan-write\x00" + self.administration.encode()).digest()
            self.connection.execute(
                sa.select(sa.func.pg_advisory_xact_lock(int.from_bytes(digest[:8], signed=True)))
            )

    @property
    def mark(self) -> str:
        """Return the driver's own placeholder."""
        return "?" if self.connection.dialect.paramstyle == "qmark" else "%s"

    def read(self, text: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Read rows, as the driver gives them, with a `{mark}` for each value."""
        statement = text.replace("{mark}", self.mark)
        return _plain(self.connection.exec_driver_sql(statement, tuple(values)))

    def select_in(self, text: str, keys: Sequence[str], *leading: object) -> list[tuple[Any, ...]]:
        """Read rows by key, in blocks.

        Args:
            text: A statement with `{mark}` for each leading value and one `{keys}` after them.
            keys: The keys; each is asked for once per block.
            leading: Values before the keys.
        """
        found: list[tuple[Any, ...]] = []
        connection = self.connection
        for block in blocks(keys):
            if connection.dialect.paramstyle == "qmark":
                marks = f"IN ({', '.join('?' * len(block))})"
                statement = text.format(mark="?", keys=marks)
                values = (*leading, *block)
            else:
                statement = text.format(mark="%s", keys="= ANY(%s)")
                values = (*leading, list(block))
            found.extend(_plain(connection.exec_driver_sql(statement, values)))
        return found

    def write(self, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run one statement with `{mark}` placeholders for many rows."""
        statement = text.replace("{mark}", self.mark)
        for block in blocks(rows):
            self.connection.exec_driver_sql(statement, list(block))

    def upsert(self, name: str, rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> None:
        """Write rows in bulk, over those with the same primary key.

        Args:
            name: The table.
            rows: Values in the order of the columns, as the drivers take them.
            columns: The columns, primary key included.
        """
        if not rows:
            return
        text = _upsert_text(name, tuple(columns), self.connection.dialect.paramstyle)
        for block in blocks(rows):
            self.connection.exec_driver_sql(text, list(block))


def instant_text(instant: datetime) -> str:
    """Return the instant as stored: ISO, UTC, microseconds, so that text sorts as time."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_of(text: str | None) -> datetime | None:
    """Return the stored instant, aware, in UTC."""
    return None if text is None else datetime.fromisoformat(text)


def blocks(rows: Sequence[_Row]) -> Iterable[Sequence[_Row]]:
    """Cut into blocks of at most a thousand."""
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def insert_new(connection: sa.Connection, name: str, values: Mapping[str, Any]) -> bool:
    """Insert one row unless its key is taken; return whether it was inserted."""
    target = table(name)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = next(iter(target.primary_key.columns))
    text = insert(target).values(**values).on_conflict_do_nothing().returning(key)
    return connection.execute(text).first() is not None


def _plain(result: sa.CursorResult[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the driver's own tuples, a block at a time."""
    cursor = result.cursor
    assert cursor is not None
    try:
        while block := cursor.fetchmany(BLOCK):
            yield from block
    finally:
        result.close()


@lru_cache(maxsize=64)
def _upsert_text(name: str, columns: tuple[str, ...], paramstyle: str) -> str:
    mark = "?" if paramstyle == "qmark" else "%s"
    keys = [column.name for column in table(name).primary_key.columns]
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join([mark] * len(columns))
    changes = ", ".join(
        f'"{column}" = excluded."{column}"' for column in columns if column not in keys
    )
    conflict = ", ".join(f'"{key}"' for key in keys)
    return (
        f'INSERT INTO "{name}" ({names}) VALUES ({marks}) '  # noqa: S608  # names are our own
        f"ON CONFLICT ({conflict}) DO UPDATE SET {changes}"
    )
