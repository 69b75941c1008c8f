"""The vault: tokens and secrets of connections, encrypted at rest.

A secret is encrypted together with its name (Fernet: AES-128-CBC with HMAC-SHA256), so that a row
that was swapped for another is found out. The key stands outside the store.
"""

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from connector.port.errors import SettingsError
from connector.store.engine import Store
from connector.store.tables import table

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_SECRET = table("secret")
_LOCK_SECONDS = 240  # longer than the slowest token exchange takes, its second try included


class StoreVault:
    """The vault in the store's own database."""

    def __init__(self, store: Store, key: Callable[[], str]) -> None:
        """Keep where the secrets are and what yields the key; nothing is read yet."""
        self._store = store
        self._key = key

    def read(self, name: str) -> str | None:
        """Return the secret, or None when there is none.

        Raises:
            SettingsError: `vault_key_missing` or `vault_key_other`.
        """
        with self._store.shared(reading=True) as connection:
            value = connection.execute(
                sa.select(_SECRET.c.value).where(_SECRET.c.name == name)
            ).scalar_one_or_none()
        return None if value is None else self._opened(name, value)

    def write(self, name: str, value: str) -> None:
        """Keep the secret; it is on disk when this returns.

        Raises:
            SettingsError: `vault_key_missing`.
        """
        sealed = self._sealed(name, value)
        with self._store.shared() as connection:
            connection.execute(sa.delete(_SECRET).where(_SECRET.c.name == name))
            connection.execute(
                _SECRET.insert().values(name=name, value=sealed, changed_at=self._store.now_text())
            )

    def replace(self, name: str, *, was: str, value: str) -> bool:
        """Keep the secret if the present one is still what it was; return whether it is kept.

        Raises:
            SettingsError: As `read`.
        """
        sealed = self._sealed(name, value)
        present = sa.select(_SECRET.c.value).where(_SECRET.c.name == name)
        with self._store.shared() as connection:
            # Nobody changes it before this transaction ends: SQLite has one writer anyway.
            kept = connection.execute(present.with_for_update()).scalar_one_or_none()
            if kept is None or self._opened(name, kept) != was:
                return False
            connection.execute(
                sa.update(_SECRET)
                .where(_SECRET.c.name == name)
                .values(value=sealed, changed_at=self._store.now_text())
            )
        return True

    def forget(self, name: str) -> None:
        """Remove the secret."""
        with self._store.shared() as connection:
            connection.execute(sa.delete(_SECRET).where(_SECRET.c.name == name))

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold off everybody else who wants to change the secret.

        Raises:
            ConflictError: `store_busy`.
        """
        return self._store.lock(f"vault:{name}", wait_seconds=_LOCK_SECONDS)

    def _sealed(self, name: str, value: str) -> str:
        return self._fernet().encrypt(json.dumps([name, value]).encode()).decode("ascii")

    def _opened(self, name: str, sealed: str) -> str:
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            kept, value = json.loads(self._fernet().decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as error:
            raise SettingsError("vault_key_other") from error
        if kept != name:
            raise SettingsError("vault_key_other")
        return str(value)

    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet  # noqa: PLC0415  # only connections need it

        try:
            return Fernet(self._key())
        except ValueError as error:
            raise SettingsError("vault_key_form") from error


def make_key(file: Path) -> bool:
    """Write a new key that only its owner may read, unless there is one; return whether it did."""
    from cryptography.fernet import Fernet  # noqa: PLC0415

    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as opened:
        opened.write(Fernet.generate_key() + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    return True
