"""To write once: what nobody knows the outcome of is read back, never repeated."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.exact import odata
from connector.port.errors import (
    AdapterError,
    ContractChangedError,
    OutcomeUnknownError,
    UnavailableError,
)
from connector.port.tools import Clock

READ_BACK_SECONDS: Final = 2


def surely(act: Callable[[], str], find: Callable[[], str | None], clock: Clock) -> str:
    """Act once and return the ID of what came of it.

    Args:
        act: Writes, and returns the ID that the answer holds.
        find: Looks up what `act` writes; None: it is not there.
        clock: To wait before the read back.

    Raises:
        UnavailableError: It was not done (`exact.not_done`); whoever tries again looks it up first.
        OutcomeUnknownError: It can't be read back (`exact.not_read_back`).
        AdapterError: As the write has it; nothing was done.
    """
    try:
        return act()
    except (OutcomeUnknownError, ContractChangedError) as error:
        trouble = error  # what was answered to a write that we can't read: it may have been done
    clock.sleep(READ_BACK_SECONDS)
    try:
        found = find()
    except AdapterError as error:
        raise OutcomeUnknownError("exact.not_read_back", reason=error.code) from error
    if found is None:
        raise UnavailableError("exact.not_done") from trouble
    return found


def id_of(row: Mapping[str, Any], endpoint: str) -> str:
    """Return the ID of a record.

    Raises:
        ContractChangedError: It has none that can be read (`exact.record_unreadable`).
    """
    try:
        return odata.guid_of(row.get("ID"))
    except ValueError as error:
        raise ContractChangedError("exact.record_unreadable", endpoint=endpoint) from error
