"""Schema changes: applied only when one is pending, after a copy of the SQLite file."""

import contextlib
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from connector.port.errors import MigrationError

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK_KEY = 5_283_110_664_017  # advisory lock on PostgreSQL: two sidecars that start at once


def head() -> str:
    """Return the newest revision that this version of maan knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def migrate(engine: sa.Engine, file: Path | None) -> bool:
    """Bring the schema up to date; return whether something was done.

    Args:
        engine: The database.
        file: The SQLite file, None for another database or one in memory. It is copied to
            `NAME.before-REVISION` first, when it holds something.

    Raises:
        MigrationError: The store was made by a newer maan, or the change failed.
    """
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        is_new = not sa.inspect(connection).get_table_names()
        connection.rollback()
    newest = head()
    if present == newest:
        return False
    known = {found.revision for found in ScriptDirectory.from_config(_config()).walk_revisions()}
    if present is not None and present not in known:
        raise MigrationError("store_newer", revision=present)
    if file is not None and not is_new:
        _copy(file, file.with_name(f"{file.name}.before-{newest}"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
