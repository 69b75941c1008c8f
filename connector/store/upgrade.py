"""What Alembic does for the store; loaded only when a schema change is pending."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from connector.port.errors import MigrationError

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK_KEY = 5_283_110_664_017  # advisory lock on PostgreSQL: two sidecars that start at once


def head() -> str:
    """Return the newest revision among the scripts."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def require_known(present: str | None) -> None:
    """Refuse a store of a revision that the scripts do not have.

    Raises:
        MigrationError: `store_newer`.
    """
    known = {found.revision for found in ScriptDirectory.from_config(_config()).walk_revisions()}
    if present is not None and present not in known:
        raise MigrationError("store_newer", revision=present)


def upgrade(engine: sa.Engine) -> None:
    """Bring the schema to the newest revision, in one transaction."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
