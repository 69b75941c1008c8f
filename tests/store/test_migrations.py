import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from connector.port.errors import MigrationError
from connector.store.engine import Store, open_store
from connector.store.migrate import NEWEST, migrate
from connector.store.records import ItemQuery
from connector.store.tables import metadata
from connector.store.upgrade import head
from tests.make import TODAY, FixedClock, action, batch, receivable
from tests.store.make_charges import charge

SCRIPTS = Path(__file__).parents[2] / "connector/store/migrations"


@pytest.fixture
def old_file(tmp_path: Path, clock: FixedClock) -> Path:
    """A store with one item, stamped with a revision before the newest."""
    file = tmp_path / "maan.db"
    store = open_store(f"sqlite:///{file}", documents=tmp_path, clock=clock)
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable()))
    store.close()
    return file


def stamp(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_the_migrated_schema_is_that_of_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)

    assert found == []


def test_the_partial_unique_index_is_there_on_both_databases(store: Store) -> None:
    indexes = {
        found["name"]: found for found in sa.inspect(store.engine).get_indexes("action_item")
    }

    found = indexes["ux_action_item_live"]
    assert found["unique"]
    assert found["column_names"] == ["administration", "item", "cycle", "step"]
    assert any("where" in key for key in found["dialect_options"])


def test_every_table_but_those_of_connections_carries_the_administration() -> None:
    of_connections = {"secret", "budget"}
    for table in metadata.sorted_tables:
        if table.name in of_connections:
            continue
        assert "administration" in table.columns, table.name
        assert not table.columns["administration"].nullable


def test_no_column_holds_a_fraction() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            assert not isinstance(column.type, sa.Float | sa.Numeric), column


def test_a_store_that_is_up_to_date_is_left_alone(store: Store) -> None:
    assert migrate(store.engine, None) is False


def test_an_unmigrated_store_is_brought_up_to_date_after_a_copy(
    old_file: Path, clock: FixedClock
) -> None:
    # The stamp of before the first release stands for any older one.
    with closing(sqlite3.connect(old_file)) as connection, connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(f'DROP TABLE "{table.name}"')
        connection.execute("CREATE TABLE keepsake (word TEXT)")
        connection.execute("INSERT INTO keepsake VALUES ('kept')")
        connection.execute("DELETE FROM alembic_version")

    store = open_store(f"sqlite:///{old_file}", documents=old_file.parent, clock=clock)
    store.close()

    copy = old_file.with_name(f"maan.db.before-{NEWEST}")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT word FROM keepsake").fetchall() == [("kept",)]
    with store.unit("a", reading=True) as unit:
        assert unit.books.items(ItemQuery()) == []
    store.close()


def test_books_and_queue_of_the_first_release_survive_the_tables_of_charges(
    opened: Callable[[], Store],
) -> None:
    store = opened()
    waiting = action(administration="a")
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable()))
        unit.ledger.propose([waiting], today=TODAY, policy="p")
        unit.journal.add("planned", "a", {}, "scheduler")
    _as_first_release(store)

    later = opened()

    with later.unit("a") as unit:
        (row,) = unit.ledger.find()
        unit.charges.save([charge("F2026-0312")])
        kept = unit.charges.find()
        assert unit.journal.verify().ok
        assert len(unit.books.items(ItemQuery())) == 1
    assert (row.action, kept) == (waiting, [charge("F2026-0312")])


def _as_first_release(store: Store) -> None:
    """Take back all that came after the first release: tables, and words in the queue."""
    with store.engine.begin() as connection:
        for name in ("charge", "notice", "secret", "budget", "push", "news", "memo"):
            connection.execute(sa.text(f"DROP TABLE {name}"))
        for column in ("reminded_on", "remindable"):
            connection.execute(sa.text(f"ALTER TABLE item DROP COLUMN {column}"))
        connection.execute(sa.text("ALTER TABLE administration DROP COLUMN source"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
        (payload,) = connection.execute(sa.text("SELECT payload FROM action")).one()
        found = json.loads(payload)
        del found["charges"], found["consumer"]
        old = {"payload": json.dumps(found)}
        connection.execute(sa.text("UPDATE action SET payload = :payload"), old)


def test_a_new_store_leaves_no_copy(old_file: Path) -> None:
    assert list(old_file.parent.glob("*before*")) == []


def test_a_store_of_a_newer_version_is_not_touched(old_file: Path, clock: FixedClock) -> None:
    stamp(old_file, "9999")

    with pytest.raises(MigrationError, match="store_newer"):
        open_store(f"sqlite:///{old_file}", documents=old_file.parent, clock=clock)

    stamp(old_file, NEWEST)
    store = open_store(f"sqlite:///{old_file}", documents=old_file.parent, clock=clock)
    with store.unit("a", reading=True) as unit:
        assert len(unit.books.items(ItemQuery())) == 1
    store.close()


def test_there_is_no_way_back_but_the_copy() -> None:
    for revision in ScriptDirectory(str(SCRIPTS)).walk_revisions():
        with pytest.raises(NotImplementedError, match="restore the copy"):
            revision.module.downgrade()


def test_the_newest_revision_is_that_of_the_scripts() -> None:
    assert head() == NEWEST
