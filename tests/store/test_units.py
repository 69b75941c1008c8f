"""Transactions, locks and foreign errors, on both databases."""

import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from connector.port.errors import ConflictError, MigrationError, StoreError
from connector.port.records import ItemRecord, receivable_id
from connector.store import faults
from connector.store.engine import Store, open_store
from connector.store.records import ItemQuery
from tests.make import FixedClock, action, batch, receivable

OpenStore = Callable[[], Store]
HOLD_AND_WAIT = """
    import sys
    from pathlib import Path
    from connector.store.engine import open_store
    from tests.make import FixedClock, batch, receivable

    store = open_store(sys.argv[1], documents=Path(sys.argv[2]), clock=FixedClock())
    with store.lock("a"), store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable("HALF")))
        print("ready", flush=True)
        sys.stdin.read()
"""


def apply_and_fail(store: Store, record: ItemRecord) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(record))
        _ = 1 // 0


def count(store: Store) -> int:
    with store.unit("a", reading=True) as unit:
        return len(unit.books.items(ItemQuery()))


def test_a_unit_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        apply_and_fail(store, receivable())

    assert count(store) == 0


def test_what_was_committed_before_a_failure_stays(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable()))
        unit.books.save_checkpoint("page 2")
    with pytest.raises(ZeroDivisionError):
        apply_and_fail(store, receivable("F2"))

    assert count(store) == 1
    with store.unit("a", reading=True) as unit:
        assert unit.books.cursor() == "page 2"


def test_a_unit_within_a_unit_is_refused(store: Store) -> None:
    with store.unit("a"), pytest.raises(StoreError, match="unit_nested"), store.unit("a"):
        pass
    with store.unit("a", reading=True):
        pass


def test_two_sidecars_claim_an_action_once(opened: OpenStore, clock: FixedClock) -> None:
    one, two = opened(), opened()
    with one.unit("jansen-bv", durable=True) as unit:
        unit.ledger.propose([action()], today=date(2026, 11, 23), policy="p")
        unit.ledger.approve(action().id, "petra", clock.now())
    claims: list[bool] = []

    def claim(store: Store) -> None:
        with store.unit("jansen-bv", durable=True) as unit:
            claims.append(unit.ledger.claim(action().id))

    run_together([lambda: claim(one), lambda: claim(two)])

    assert sorted(claims) == [False, True]


def test_two_sidecars_propose_the_same_plan_once(opened: OpenStore) -> None:
    stores = [opened(), opened()]
    news: list[int] = []

    def propose(store: Store) -> None:
        with store.unit("jansen-bv", durable=True) as unit:
            found = unit.ledger.propose([action()], today=date(2026, 11, 23), policy="p")
            news.append(len(found.new))

    run_together([partial(propose, store) for store in stores])

    assert sorted(news) == [0, 1]


def test_a_reader_does_not_wait_for_a_writer(opened: OpenStore) -> None:
    one, two = opened(), opened()
    with one.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable()))

        assert count_in_thread(two) == 0

    assert count(two) == 1


def count_in_thread(store: Store) -> int:
    found: list[int] = []
    run_together([lambda: found.append(count(store))])
    return found[0]


def run_together(work: list[Callable[[], None]]) -> None:
    faults_met: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            faults_met.append(error)
            raise

    threads = [threading.Thread(target=guarded, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults_met == []


def test_a_lock_holds_off_a_second_sidecar_until_it_is_released(opened: OpenStore) -> None:
    one, two = opened(), opened()
    with one.lock("a"), two.lock("b", wait_seconds=1):
        assert is_busy(two)
    with two.lock("a", wait_seconds=1):
        pass


def is_busy(store: Store) -> bool:
    try:
        with store.lock("a", wait_seconds=0.05):
            return False
    except ConflictError as error:
        return error.code == "store_busy"


def test_a_lock_is_released_after_an_error(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("a"):
        _ = 1 // 0
    with store.lock("a", wait_seconds=0.05):
        pass


def test_a_process_that_dies_lets_go_and_leaves_nothing(
    store_url: str, opened: OpenStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD_AND_WAIT), store_url, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    assert is_busy(store)

    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    process.stdin.close()
    process.stdout.close()

    with store.lock("a", wait_seconds=10):
        assert count(store) == 0


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_the_ledger_is_durable_and_the_mirror_is_quick(
    tmp_path: Path, clock: FixedClock, durable: bool, level: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", documents=tmp_path, clock=clock)

    with store.unit("a", durable=durable) as unit:
        found = unit.books._session.connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        mode = unit.books._session.connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    store.close()

    assert (found, mode) == (level, "wal")


def test_an_in_memory_store_serves_threads_in_turn(memory_store: Store) -> None:
    def add(number: str) -> None:
        with memory_store.unit("a") as unit:
            unit.books.begin_pull()
            unit.books.apply(batch(receivable(number)))

    run_together([partial(add, number) for number in ("F1", "F2", "F3")])

    assert count(memory_store) == 3
    with memory_store.lock("a", wait_seconds=1):
        assert is_busy(memory_store)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "store_url"),
        ("mysql://localhost/maan", "store_url"),
        ("sqlite:////proc/none/maan.db", "store_unreachable"),
        ("postgresql://nobody@127.0.0.1:1/maan?connect_timeout=2", "store_unreachable"),
    ],
)
def test_a_store_that_can_not_be_opened_says_why(
    tmp_path: Path, clock: FixedClock, url: str, code: str
) -> None:
    with pytest.raises(StoreError, match=code):
        open_store(url, documents=tmp_path, clock=clock)


def test_a_damaged_file_says_so(tmp_path: Path, clock: FixedClock) -> None:
    file = tmp_path / "maan.db"
    file.write_bytes(b"not a database at all, but long enough to look at" * 100)

    with pytest.raises(StoreError, match="store_damaged"):
        open_store(f"sqlite:///{file}", documents=tmp_path, clock=clock)


def test_foreign_errors_become_ours_where_they_happen(store: Store) -> None:
    with store.unit("a") as unit, pytest.raises(StoreError, match="store_failed"):
        unit.books._session.read("SELECT nothing FROM nowhere")
    with store.unit("a") as unit, pytest.raises(StoreError, match="store_refused"):
        list(unit.books._session.read("SELECT {mark}", "\ud800"))


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (sqlite3.OperationalError("database is locked"), ConflictError, "store_busy"),
        (sqlite3.OperationalError("database or disk is full"), StoreError, "store_full"),
        (sqlite3.DatabaseError("disk image is malformed"), StoreError, "store_damaged"),
        (sqlite3.OperationalError("unable to open file"), StoreError, "store_unreachable"),
        (sqlite3.IntegrityError("UNIQUE failed"), StoreError, "store_refused"),
        (sqlite3.ProgrammingError("bad"), StoreError, "store_failed"),
        (psycopg.errors.LockNotAvailable(), ConflictError, "store_busy"),
        (psycopg.errors.SerializationFailure(), ConflictError, "store_busy"),
        (psycopg.errors.DiskFull(), StoreError, "store_full"),
        (psycopg.errors.AdminShutdown(), StoreError, "store_unreachable"),
        (psycopg.errors.UniqueViolation(), StoreError, "store_refused"),
        (psycopg.errors.SyntaxError(), StoreError, "store_failed"),
        (sa.exc.TimeoutError("pool"), ConflictError, "store_busy"),
        (sa.exc.NoResultFound(), StoreError, "store_failed"),
        (CommandError("no revision"), MigrationError, "store_migration"),
    ],
)
def test_each_foreign_error_has_its_own_code(
    error: Exception, kind: type[StoreError], code: str
) -> None:
    with pytest.raises(StoreError, match=code) as found, faults.mapped():
        raise error

    assert type(found.value) is kind
    assert found.value.__cause__ is error


def test_an_error_names_no_debtor(store: Store) -> None:
    with store.unit("a") as unit, pytest.raises(StoreError) as found:
        unit.books._session.write(
            "INSERT INTO party (administration, ref, name) VALUES ({mark}, {mark}, {mark})",
            [("a", "1", "Jan Jansen")],
        )

    assert "Jansen" not in f"{found.value} {found.value.facts}"


def test_an_item_is_only_seen_in_its_own_administration(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable()))

    with store.unit("b", reading=True) as unit:
        assert unit.books.item(receivable_id("F2026-0312")) is None
        assert unit.books.item_history(receivable_id("F2026-0312")) == []
