"""The row of one connection in the vault: under a lock, and only replaced by who knows it.

A lock may be lost unnoticed, as when a database ends its session. Then two may be asking Exact for
tokens at once: neither may write what it read before over what the other was given.
Source: the facts about Exact Online, section 1.6.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.exact.token_row import Row, State, row_from, text_of
from connector.port.errors import AuthorisationError, ConflictError, UnavailableError
from connector.port.tools import Tools
from connector.wire.trouble import store_at_hand


class Overtaken(Exception):  # noqa: N818  # no error: theirs is used then
    """Somebody else changed the row meanwhile."""


class KeptRow:
    """The row as the vault keeps it."""

    def __init__(self, name: str, connection: str, tools: Tools) -> None:
        """Read nothing yet.

        Args:
            name: In the vault.
            connection: As people call it.
            tools: Of the house.
        """
        self._name = name
        self._connection = connection
        self._tools = tools

    def found(self) -> Row | None:
        """Return the row, None when there never was a consent.

        Raises:
            UnavailableError: The store is too busy (`store_busy`).
        """
        with store_at_hand():
            kept = self._tools.vault.read(self._name)
        return None if kept is None else row_from(kept)

    def read(self) -> Row:
        """Return the row of a consent that holds.

        Raises:
            AuthorisationError: There is none, or not any more.
            UnavailableError: As `found`.
        """
        row = self.found()
        if row is None:
            raise AuthorisationError("connect_first", connection=self._connection)
        if row.state is not State.OK:
            raise self.needs_person()
        return row

    def needs_person(self) -> AuthorisationError:
        """Return the error of a consent that does not hold any more."""
        return AuthorisationError("exact.needs_reauthorization", connection=self._connection)

    def write(self, row: Row) -> None:
        """Keep the row of a new consent, whatever was there."""
        self._tools.vault.write(self._name, text_of(row))

    def replace(self, row: Row, new: Row) -> Row:
        """Keep the new row in the place of the one that was read, and return it.

        Raises:
            Overtaken: It is not any more what it was.
        """
        if not self.is_replaced(row, new):
            raise Overtaken
        return new

    def is_replaced(self, row: Row, new: Row) -> bool:
        """Keep the new row if the present one is what it was; return whether it is kept."""
        kept = self._tools.vault.read(self._name)
        if kept is None or row_from(kept) != row:
            return False
        return self._tools.vault.replace(self._name, was=kept, value=text_of(new))

    def keep(self, row: Row, new: Row) -> Row:
        """Keep a new refresh token, unless somebody else kept one meanwhile that holds.

        Whatever else was noted gives way, also that a person must connect again: who noted that
        did not know of this token, and it may be the only one that lives.

        Raises:
            Overtaken: There is another that holds.
        """
        while True:
            now = self.found() or self.read()
            if now.state is State.OK and now.refresh_token != row.refresh_token:
                raise Overtaken
            if self.is_replaced(now, new):
                return new

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold off all others who want to change it.

        Raises:
            UnavailableError: Somebody else kept it too long (`token_busy`), or what is done in it
                found the store too busy (`store_busy`).
        """
        try:
            with self._tools.vault.lock(self._name), store_at_hand():
                yield
        except ConflictError as error:
            raise UnavailableError("token_busy", connection=self._connection) from error
