"""Opening the store: one line in the configuration decides between SQLite and PostgreSQL."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import StaticPool

from connector.port.errors import ConflictError, StoreError
from connector.port.tools import Clock
from connector.store import faults
from connector.store.documents import Documents
from connector.store.locks import AdvisoryLocks, FileLocks, ThreadLocks
from connector.store.migrate import migrate
from connector.store.running import RunningPulls
from connector.store.session import Session, instant_text
from connector.store.unit import Unit

_BUSY_SECONDS = 30
_BEGIN = "maan_begin"  # execution option: how the transaction starts
_DURABLE = "maan_durable"


def open_store(url: str, *, documents: Path, clock: Clock) -> "Store":
    """Open the store and bring its schema up to date.

    Args:
        url: `sqlite:///data/maan.db`, `sqlite://` (in memory, for tests) or `postgresql://…`.
        documents: Folder for kept files; made when it is not there.
        clock: The house's clock.

    Raises:
        StoreError: It can't be opened. MigrationError: it was made by a newer maan.
    """
    with faults.mapped():
        try:
            address = sa.make_url(url)
        except sa.exc.ArgumentError as error:
            raise StoreError("store_url") from error
        match address.get_backend_name():
            case "sqlite":
                engine, file = _sqlite(address)
            case "postgresql" | "postgres":
                engine, file = _postgres(address), None
            case other:
                raise StoreError("store_url", found=other)
        faults.hook(engine)
        try:
            migrate(engine, file)
        except BaseException:
            engine.dispose()
            raise
    return Store(engine, documents=documents, clock=clock, file=file)


class Store:
    """One database with the documents beside it. Safe to share between threads."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        documents: Path,
        clock: Clock,
        file: Path | None,
    ) -> None:
        """Keep the engine; use `open_store`."""
        self.engine = engine
        self._clock = clock
        self._present = threading.local()
        self._pulls = RunningPulls()
        self._memory = threading.Lock() if isinstance(engine.pool, StaticPool) else None
        self._locks: FileLocks | ThreadLocks | AdvisoryLocks
        if engine.dialect.name == "postgresql":
            self._locks = AdvisoryLocks(engine)
        else:
            self._locks = FileLocks(file) if file is not None else ThreadLocks()
        self.documents = Documents(documents, clock=clock, writing=self._writing)

    @contextlib.contextmanager
    def unit(
        self,
        administration: str,
        *,
        durable: bool = False,
        reading: bool = False,
    ) -> Iterator[Unit]:
        """Work in one transaction: commits at the end, rolls back on any exception.

        Args:
            administration: The only administration that the unit sees.
            durable: The commit survives a power failure (the action ledger). Else the last
                commits of the sync store may be lost then, never torn.
            reading: Nothing will be written; does not wait for a writer.

        Raises:
            ConflictError: A writer kept the store too long (`store_busy`).
            StoreError: Anything else that the database said, or a unit within a unit.
        """
        with self._connected(durable=durable, reading=reading) as connection:
            session = Session(
                connection=connection,
                administration=administration,
                clock=self._clock,
                pulls=self._pulls,
            )
            yield Unit(session)

    @contextlib.contextmanager
    def shared(self, *, reading: bool = False, durable: bool = True) -> Iterator[sa.Connection]:
        """Work in a short transaction on the tables of connections, outside of any unit.

        Raises:
            ConflictError: A writer kept the store too long (`store_busy`).
            StoreError: Called within a unit that writes (`unit_nested`).
        """
        with self._connected(durable=durable, reading=reading) as connection:
            yield connection

    def now_text(self) -> str:
        """Return the present instant as stored."""
        return instant_text(self._clock.now())

    @contextlib.contextmanager
    def lock(self, administration: str, *, wait_seconds: float = 30) -> Iterator[None]:
        """Hold off everybody else who wants to work on the administration; not re-entrant.

        Raises:
            ConflictError: Somebody else is still busy after `wait_seconds` (`store_busy`).
        """
        with self._locks.hold(administration, wait_seconds):
            yield

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextlib.contextmanager
    def _connected(self, *, durable: bool, reading: bool) -> Iterator[sa.Connection]:
        if getattr(self._present, "connection", None) is not None:
            raise StoreError("unit_nested")
        options = {_BEGIN: "BEGIN" if reading else "BEGIN IMMEDIATE", _DURABLE: durable}
        with faults.mapped(), self._alone(), self.engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                self._present.connection = None if reading else connection
                try:
                    yield connection
                finally:
                    self._present.connection = None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if self._memory is None:
            yield
            return
        if not self._memory.acquire(timeout=_BUSY_SECONDS):
            raise ConflictError("store_busy")
        try:
            yield
        finally:
            self._memory.release()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Give the connection of this thread's unit, else a short transaction of its own."""
        present = getattr(self._present, "connection", None)
        if present is not None:
            yield present
            return
        with self._connected(durable=True, reading=False) as connection:
            yield connection


def _sqlite(address: sa.URL) -> tuple[sa.Engine, Path | None]:
    if address.database in (None, "", ":memory:"):
        engine = sa.create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
        )
        file = None
    else:
        file = Path(str(address.database))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("store_unreachable", kind=type(error).__name__) from error
        engine = sa.create_engine(
            address.set(drivername="sqlite+pysqlite"),
            connect_args={"timeout": _BUSY_SECONDS},
        )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine, file


def _postgres(address: sa.URL) -> sa.Engine:
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"options": "-c TimeZone=UTC -c lock_timeout=30s"},
    )


def _prepare(dbapi_connection: DBAPIConnection, _record: object) -> None:
    # Transactions are begun by `_begin`, not by the driver, which would begin too late.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA cache_size=-8000")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    level = "FULL" if options.get(_DURABLE) else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous={level}")
    connection.exec_driver_sql(options.get(_BEGIN, "BEGIN IMMEDIATE"))
