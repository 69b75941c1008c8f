"""Find one thing by what a person calls it, over all administrations unless one is named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from connector.flow.office import Administration, Office
from connector.port.errors import RequestError
from connector.port.records import ItemId, Ledger, PartyRef
from connector.store import (
    ActionRow,
    HoldRow,
    ItemQuery,
    ItemRow,
    ItemState,
    PartyRow,
    TaskRow,
    Unit,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One thing and the administration that it is in."""

    desk: Administration
    row: T


def find_item(office: Office, number: str, administration: str | None = None) -> Found[ItemRow]:
    """Return the item of this number, or of this key where a number is not enough.

    A receivable goes before a payable of the same number, an open item before one that is not.

    Raises:
        RequestError: `number_unknown`, `item_ambiguous` (terms of one invoice: name the key) or
            `ambiguous` (in several administrations).
    """
    found = _everywhere(office, administration, lambda unit: _items(unit, number))
    if not found:
        raise RequestError("number_unknown", number=number)
    _only_administration(number, found)
    if len(found) > 1:
        keys = ", ".join(one.row.id for one in found)
        raise RequestError("item_ambiguous", number=number, keys=keys)
    return found[0]


def find_party(office: Office, ref: str, administration: str | None = None) -> Found[PartyRow]:
    """Return the party of this reference, or the only one whose name contains the text.

    Raises:
        RequestError: `ref_unknown`, `party_ambiguous` or `ambiguous`.
    """
    found = _everywhere(office, administration, lambda unit: _parties(unit, ref))
    if not found:
        raise RequestError("ref_unknown", ref=ref)
    exact = [one for one in found if one.row.ref == ref]
    _only_administration(ref, exact or found)
    if len(exact or found) > 1:
        known = ", ".join(one.row.ref for one in found[:5])
        raise RequestError("party_ambiguous", ref=ref, known=known)
    return (exact or found)[0]


def find_action(office: Office, key: str, administration: str | None = None) -> Found[ActionRow]:
    """Return the action whose id starts so.

    Raises:
        RequestError: `action_unknown` or `action_ambiguous`.
    """
    prefix = key.strip().lower()
    found = _everywhere(office, administration, lambda unit: _actions(unit, prefix))
    return _one(key, found, unknown="action_unknown", several="action_ambiguous", name="action")


def find_hold(office: Office, key: str) -> Found[HoldRow]:
    """Return the hold whose id starts so, also one that is over.

    Raises:
        RequestError: `hold_unknown` or `hold_ambiguous`.
    """
    prefix = key.strip().lower()
    found = _everywhere(
        office,
        None,
        lambda unit: [row for row in unit.holds.list(lifted=True) if row.id.startswith(prefix)],
    )
    return _one(key, found, unknown="hold_unknown", several="hold_ambiguous", name="hold")


def find_task(office: Office, key: str) -> Found[TaskRow]:
    """Return the open task whose id starts so.

    Raises:
        RequestError: `task_unknown`, `task_over` or `task_ambiguous`.
    """
    prefix = key.strip().lower()
    found = _everywhere(
        office, None, lambda unit: [row for row in unit.tasks.open() if row.id.startswith(prefix)]
    )
    if not found:
        found = _everywhere(office, None, lambda unit: _task(unit, prefix))
    return _one(key, found, unknown="task_unknown", several="task_ambiguous", name="task")


def _items(unit: Unit, number: str) -> list[ItemRow]:
    """Return the best kind of match within one administration."""
    exact = unit.books.item(ItemId(number))
    if exact is not None:
        return [exact]
    rows = unit.books.items(ItemQuery(number=number, states=tuple(ItemState)))
    for side in (
        [row for row in rows if row.ledger is Ledger.RECEIVABLE],
        [row for row in rows if row.ledger is Ledger.PAYABLE],
    ):
        open_ = [row for row in side if row.state is ItemState.OPEN]
        if open_ or side:
            return open_ or side
    return []


def _parties(unit: Unit, ref: str) -> list[PartyRow]:
    exact = unit.books.party(PartyRef(ref))
    if exact is not None:
        return [exact]
    return unit.books.parties(ref) if ref.strip() else []


def _actions(unit: Unit, prefix: str) -> list[ActionRow]:
    try:
        return [unit.ledger.get(prefix)]
    except RequestError as error:
        if error.code == "action_unknown":
            return []
        raise


def _task(unit: Unit, key: str) -> list[TaskRow]:
    try:
        return [unit.tasks.get(key)]
    except RequestError:
        return []


def _everywhere(
    office: Office, administration: str | None, seek: Callable[[Unit], Iterable[T]]
) -> list[Found[T]]:
    found: list[Found[T]] = []
    for desk in office.administrations([administration] if administration else ()):
        with office.store.unit(desk.id, reading=True) as unit:
            found += [Found(desk, row) for row in seek(unit)]
    return found


def _only_administration(subject: str, found: Sequence[Found[T]]) -> None:
    names = sorted({one.desk.id for one in found})
    if len(names) > 1:
        raise RequestError("ambiguous", subject=subject, administrations=", ".join(names))


def _one(key: str, found: Sequence[Found[T]], *, unknown: str, several: str, name: str) -> Found[T]:
    if not found or not key.strip():
        raise RequestError(unknown, **{name: key})
    if len(found) > 1:
        raise RequestError(several, **{name: key})
    return found[0]
