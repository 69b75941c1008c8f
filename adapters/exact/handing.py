"""What is changed of a relation that is handed over: it is blocked, or gets a classification."""

from collections.abc import Callable
from typing import Any, Final

from adapters.exact import odata
from adapters.exact.client import Client
from adapters.exact.settings import Classification, ExactSettings
from adapters.exact.surely import surely
from connector.port.errors import RefusedError
from connector.port.tools import Clock

RELATIONS: Final = "crm/Accounts"


class Handing:
    """Changes one field of a relation, where it is not so already."""

    def __init__(
        self, client: Callable[[], Client], settings: ExactSettings, *, clock: Clock
    ) -> None:
        """Ask nothing yet.

        Args:
            client: Gives the client of the administration.
            settings: What is changed.
            clock: Waiting before something is read back.
        """
        self._client = client
        self._clock = clock
        match settings.at_handover:
            case Classification() as given:
                self._field, self._value = f"Classification{given.classification}", given.value
            case "block":
                self._field, self._value = "Blocked", ""
            case "none":
                self._field, self._value = "", ""

    def change(self, account: str) -> None:
        """Change the relation, if it is not so already; nothing when nothing is asked.

        Raises:
            RefusedError: There is no such relation (`exact.account_gone`), or Exact said no.
        """
        if self.is_changed(account):
            return
        value = self._value or True

        def act() -> str:
            path = f"{RELATIONS}({odata.guid(account)})"
            self._client().update(path, {self._field: value})
            return account

        surely(act, lambda: account if self.is_changed(account) else None, self._clock)

    def is_changed(self, account: str) -> bool:
        """Return whether the relation is as it should be after a handover."""
        if not self._field:
            return True
        pages = self._client().rows(
            RELATIONS,
            select=("ID", self._field),
            filter=f"ID eq {odata.guid(account)}",
            urgent=True,
        )
        rows = [row for page in pages for row in page.rows]
        if not rows:
            raise RefusedError("exact.account_gone")
        return self._is_as_asked(rows[0].get(self._field))

    def _is_as_asked(self, found: Any) -> bool:  # noqa: ANN401  # of the wire
        try:
            if self._value:
                return found is not None and odata.guid_of(found) == odata.guid_of(self._value)
            return odata.bool_of(found) is True
        except ValueError:
            return False  # to be set once more is harmless
