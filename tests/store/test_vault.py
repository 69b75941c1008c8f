import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.port.errors import ConflictError, SettingsError
from connector.store import Store
from connector.store.engine import open_store
from connector.store.vault import StoreVault, make_key
from tests.make import FixedClock

KEY = "k" * 43 + "="
TOKEN = "geheim-token-1"


def vault(store: Store, key: str = KEY) -> StoreVault:
    return StoreVault(store, lambda: key)


def test_a_secret_is_read_back(store: Store) -> None:
    vault(store).write("moneybird:kantoor:token", TOKEN)

    assert vault(store).read("moneybird:kantoor:token") == TOKEN


def test_a_later_secret_takes_the_place_of_the_earlier(store: Store) -> None:
    vault(store).write("a", "one")
    vault(store).write("a", "two")

    assert vault(store).read("a") == "two"


def test_there_is_no_secret_until_one_is_kept(store: Store) -> None:
    vault(store).write("a", "one")
    vault(store).forget("a")

    assert (vault(store).read("a"), vault(store).read("b")) == (None, None)


def test_the_store_never_holds_the_secret_in_the_clear(store: Store) -> None:
    vault(store).write("a", TOKEN)

    with store.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT value FROM secret")).scalars().all()
        connection.rollback()
    assert rows
    assert not any(TOKEN in row for row in rows)


@pytest.mark.parametrize(
    ("key", "code"), [("q" * 43 + "=", "vault_key_other"), ("no key", "vault_key_form")]
)
def test_another_key_does_not_open_it(store: Store, key: str, code: str) -> None:
    vault(store).write("a", TOKEN)

    with pytest.raises(SettingsError) as raised:
        vault(store, key).read("a")

    assert raised.value.code == code


def test_a_row_that_was_swapped_for_another_is_found_out(store: Store) -> None:
    vault(store).write("a", "one")
    vault(store).write("b", "two")
    with store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM secret WHERE name = 'a'"))
        connection.execute(sa.text("UPDATE secret SET name = 'a' WHERE name = 'b'"))

    with pytest.raises(SettingsError) as raised:
        vault(store).read("a")

    assert raised.value.code == "vault_key_other"


def test_two_stores_never_hold_the_lock_together(opened: Callable[[], Store]) -> None:
    one, other = vault(opened()), vault(opened())
    inside, order = threading.Event(), []

    def second() -> None:
        inside.wait()
        with other.lock("a"):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with one.lock("a"):
        inside.set()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]


def test_a_secret_is_replaced_by_who_knows_the_present_one(store: Store) -> None:
    vault(store).write("a", "one")

    assert (vault(store).replace("a", was="one", value="two"), vault(store).read("a")) == (
        True,
        "two",
    )


@pytest.mark.parametrize("kept", ["two", None])
def test_a_secret_that_another_changed_is_not_replaced(store: Store, kept: str | None) -> None:
    if kept is not None:
        vault(store).write("a", kept)

    assert (vault(store).replace("a", was="one", value="three"), vault(store).read("a")) == (
        False,
        kept,
    )


def test_of_those_who_replace_at_once_one_does(opened: Callable[[], Store]) -> None:
    vaults = [vault(opened()) for _ in range(6)]
    vaults[0].write("a", "one")
    start, done = threading.Barrier(len(vaults)), []

    def run(number: int) -> None:
        start.wait()
        if vaults[number].replace("a", was="one", value=str(number)):
            done.append(str(number))

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(vaults))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert done == [vaults[0].read("a")]


def test_a_store_that_is_reached_by_a_link_has_the_same_lock(
    tmp_path: Path, clock: FixedClock
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "data" / "maan.db")
    files = (tmp_path / "data" / "maan.db", tmp_path / "link.db")
    one, other = (
        open_store(f"sqlite:///{file}", documents=tmp_path, clock=clock) for file in files
    )

    with one.lock("a"), pytest.raises(ConflictError), other.lock("a", wait_seconds=0.1):
        pass
    one.close()
    other.close()


def test_a_new_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vault.key"

    made = make_key(file)

    first = file.read_text()
    assert (made, stat.S_IMODE(file.stat().st_mode)) == (True, 0o600)
    assert (make_key(file), file.read_text()) == (False, first)
    Fernet(first.strip())  # it is one
