"""Kept files, content-addressed, beside the store: what went out is kept byte for byte."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa

from connector.port.errors import RequestError, StoreError
from connector.port.tools import Clock
from connector.store.session import blocks, insert_new, instant_text
from connector.store.tables import table

_DOCUMENT = table("document")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Documents:
    """Files under the SHA-256 of their bytes, in two levels of folders."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        writing: Callable[[], AbstractContextManager[sa.Connection]],
    ) -> None:
        """Keep the folder; `writing` gives the connection for the register."""
        self._folder = folder
        self._clock = clock
        self._writing = writing

    def put(self, content: bytes, media_type: str, name: str, administration: str) -> str:
        """Keep the bytes and return their SHA-256; the same bytes are kept once.

        The file is on disk for good before the register names it. Within a unit the register
        entry commits with the unit.

        Raises:
            StoreError: The file can't be written (`document_unwritable`).
        """
        sha256 = hashlib.sha256(content).hexdigest()
        target = self._path(sha256)
        if not self._is_kept(target, sha256):
            try:
                _write(target, content)
            except OSError as error:
                raise StoreError("document_unwritable", kind=type(error).__name__) from error
        with self._writing() as connection:
            self._register(connection, (administration, sha256, media_type, name, len(content)))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the kept bytes, verified.

        Raises:
            RequestError: No such document (`document_unknown`).
            StoreError: The file is gone or was changed (`document_missing`, `document_damaged`).
        """
        if not _SHA256.fullmatch(sha256):
            raise RequestError("document_unknown", document=sha256)
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise StoreError("document_missing", document=sha256) from error
        except OSError as error:
            raise StoreError("document_unreadable", document=sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreError("document_damaged", document=sha256)
        return content

    def remove(self, keys: Iterable[str], administration: str) -> int:
        """Take documents out of the register and return how many were in it.

        A file goes with the last entry that names it; bytes that another administration keeps
        too stay there. Within a unit the register changes with the unit, the files go at once:
        when the unit fails, removing them again is harmless.

        Raises:
            StoreError: A file can't be removed (`document_unremovable`).
        """
        known = sorted({key for key in keys if _SHA256.fullmatch(key)})
        removed = 0
        with self._writing() as connection:
            for block in blocks(known):
                own = _DOCUMENT.c.sha256.in_(block)
                done = connection.execute(
                    sa.delete(_DOCUMENT).where(_DOCUMENT.c.administration == administration, own)
                )
                removed += done.rowcount
                kept = set(connection.execute(sa.select(_DOCUMENT.c.sha256).where(own)).scalars())
                self._unlink(key for key in block if key not in kept)
        return removed

    def _unlink(self, keys: Iterable[str]) -> None:
        for key in keys:
            try:
                self._path(key).unlink(missing_ok=True)
            except OSError as error:
                raise StoreError("document_unremovable", kind=type(error).__name__) from error

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def _is_kept(self, path: Path, sha256: str) -> bool:
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        except OSError:
            return False

    def _register(self, connection: sa.Connection, values: tuple[str, str, str, str, int]) -> None:
        administration, sha256, media_type, name, size = values
        insert_new(
            connection,
            "document",
            {
                "administration": administration,
                "sha256": sha256,
                "media_type": media_type,
                "name": name,
                "size": size,
                "at": instant_text(self._clock.now()),
            },
        )


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
