"""Schema changes: applied only when one is pending, after a copy of the SQLite file."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

import sqlalchemy as sa

NEWEST: Final = "0003"
"""The newest revision that this version of maan knows; the newest file in `migrations/versions`."""


def migrate(engine: sa.Engine, file: Path | None) -> bool:
    """Bring the schema up to date; return whether something was done.

    Args:
        engine: The database.
        file: The SQLite file, None for another database or one in memory. It is copied to
            `NAME.before-REVISION` first, when it holds something.

    Raises:
        MigrationError: The store was made by a newer maan, or the change failed.
    """
    with engine.connect() as plain:
        # Only a look: it need not wait for somebody who writes.
        connection = plain.execution_options(maan_begin="BEGIN")
        tables = sa.inspect(connection).get_table_names()
        present = _revision(connection) if "alembic_version" in tables else None
        connection.rollback()
    if present == NEWEST:
        return False
    # Late: most starts find nothing to do, and then Alembic need not be in memory.
    from connector.store.upgrade import require_known, upgrade  # noqa: PLC0415

    require_known(present)
    if file is not None and tables:
        _copy(file, file.with_name(f"{file.name}.before-{NEWEST}"))
    upgrade(engine)
    return True


def _revision(connection: sa.Connection) -> str | None:
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
