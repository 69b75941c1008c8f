import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.port.errors import SettingsError
from connector.store import Store
from connector.store.vault import StoreVault, make_key

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


def test_a_new_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vault.key"

    made = make_key(file)

    first = file.read_text()
    assert (made, stat.S_IMODE(file.stat().st_mode)) == (True, 0o600)
    assert (make_key(file), file.read_text()) == (False, first)
    Fernet(first.strip())  # it is one
