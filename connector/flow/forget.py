"""Forget: all that names a party goes (GDPR art. 17), once nothing is open with it any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.records import PartyRef
from connector.store import HoldRow, ItemQuery, ItemState, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was forgotten of a party.

    Attributes:
        items: Items of which number, dates and amounts stay.
        actions: Actions that lost the name, and their deliveries the addressee.
        documents: Kept files that were removed.
        entries: Entries of the journal that lost their payload.
    """

    items: int
    actions: int
    documents: int
    entries: int


def require_settled(desk: Administration, ref: PartyRef) -> None:
    """Refuse a party with which something is still going on.

    Raises:
        RequestError: `forget_open`, with what stands in the way: the numbers of open items, the
            ids of running holds and of actions that are not over.
    """
    with desk.office.store.unit(desk.id, reading=True) as unit:
        _require_settled(desk, unit, ref)


def forget(desk: Administration, ref: PartyRef, *, by: str) -> Forgotten:
    """Forget a party for good; doing so again is harmless.

    What the source still shows of it comes back with the next pull.

    Raises:
        RequestError: Something is still going on (`forget_open`), or there is no such party
            (`ref_unknown`).
    """
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        if unit.books.party(ref) is None:
            raise RequestError("ref_unknown", ref=ref)
        _require_settled(desk, unit, ref)
        marks = unit.books.trace(ref)
        unit.books.forget(ref)
        payloads = unit.journal.forget(marks.subjects, marks.numbers)
        unit.journal.add("forgotten", ref, {}, by)
        papers = unit.books.unneeded({*marks.documents, *_documents(payloads)})
        removed = store.documents.remove(papers, desk.id)
    return Forgotten(
        items=len(marks.items),
        actions=len(marks.actions),
        documents=removed,
        entries=len(payloads),
    )


def _require_settled(desk: Administration, unit: Unit, ref: PartyRef) -> None:
    everything = ItemQuery(debtor=ref, states=tuple(ItemState))
    items = [item for item in unit.books.items(everything) if item.party == ref]
    keys = {item.id for item in items}
    open_ = [item.number for item in items if item.state is ItemState.OPEN]
    holds = [
        row.id
        for row in unit.holds.list()
        if (row.hold.party == ref or row.hold.item in keys) and _is_running(desk, row)
    ]
    actions = [row.id for row in unit.ledger.live([ref])]
    if open_ or holds or actions:
        raise RequestError(
            "forget_open",
            ref=ref,
            what=[*open_, *holds, *actions],
            items=open_,
            holds=holds,
            actions=actions,
        )


def _is_running(desk: Administration, row: HoldRow) -> bool:
    return not row.hold.reason.ends_by_itself or row.hold.until > desk.office.today


def _documents(payloads: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the files that entries name: also those of attempts that did not succeed."""
    found: set[object] = set()
    for payload in payloads:
        found.add(payload.get("document"))
        sent = payload.get("documents")
        found.update(sent.values() if isinstance(sent, Mapping) else ())
    return {key for key in found if isinstance(key, str)}
