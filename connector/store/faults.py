"""Foreign errors become ours; none leaves the store."""

import contextlib
import sqlite3
import sys
from collections.abc import Iterator

import sqlalchemy as sa

from connector.port.errors import ConflictError, MigrationError, StoreError

_BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014"})
_FULL_STATES = frozenset({"53100", "53200"})
_DAMAGED = ("malformed", "not a database", "disk image")
_BUSY = ("locked", "busy")


def translate(error: BaseException) -> StoreError | None:
    """Return our error for a foreign one, None when it is not the store's to translate.

    Facts never hold a statement or its values: these may name a debtor.
    """
    foreign = getattr(error, "orig", None) or error
    if isinstance(foreign, sqlite3.Error):
        return _sqlite(foreign)
    if _is(foreign, "psycopg", "Error"):
        return _postgres(foreign)
    if isinstance(error, sa.exc.TimeoutError):
        return ConflictError("store_busy")
    if _is(error, "alembic.util", "CommandError"):
        return MigrationError("store_migration", kind=type(error).__name__)
    if isinstance(error, sa.exc.SQLAlchemyError):
        return StoreError("store_failed", kind=type(foreign).__name__)
    return None


@contextlib.contextmanager
def mapped() -> Iterator[None]:
    """Let only our own errors out of the block; what is not the store's passes untouched."""
    try:
        yield
    except Exception as error:
        ours = translate(error)
        if ours is None:
            raise
        raise ours from error


def hook(engine: sa.Engine) -> None:
    """Make the engine raise our errors where they happen."""

    def chain(context: sa.ExceptionContext) -> BaseException | None:
        error = context.original_exception
        found = translate(context.sqlalchemy_exception or error)
        if found is None and isinstance(error, ValueError | OverflowError):
            # A driver could not even put the value into words: a lone surrogate, a huge number.
            found = StoreError("store_refused", kind=type(error).__name__)
        return found

    sa.event.listen(engine, "handle_error", chain, retval=True)


def _is(error: object, module: str, name: str) -> bool:
    """Whether it is an exception of a library that may not be loaded: then it can't be."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(error, kind)


def _sqlite(error: sqlite3.Error) -> StoreError:
    text = str(error).lower()
    if any(word in text for word in _BUSY):
        return ConflictError("store_busy")
    if "full" in text:
        return StoreError("store_full")
    if any(word in text for word in _DAMAGED):
        return StoreError("store_damaged")
    if "unable to open" in text or "readonly" in text:
        return StoreError("store_unreachable", kind=type(error).__name__)
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError):
        return StoreError("store_refused", kind=type(error).__name__)
    return StoreError("store_failed", kind=type(error).__name__)


def _postgres(error: BaseException) -> StoreError:
    import psycopg  # noqa: PLC0415  # with a store in SQLite it is never loaded

    assert isinstance(error, psycopg.Error)
    state = error.sqlstate or ""
    if state in _BUSY_STATES:
        return ConflictError("store_busy")
    if state in _FULL_STATES:
        return StoreError("store_full")
    if state.startswith(("08", "28", "3D", "57P")) or isinstance(error, psycopg.OperationalError):
        return StoreError("store_unreachable", kind=type(error).__name__)
    if isinstance(error, psycopg.IntegrityError | psycopg.DataError):
        return StoreError("store_refused", kind=type(error).__name__)
    return StoreError("store_failed", kind=type(error).__name__)
