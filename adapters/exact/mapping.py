"""From the terms of one entry to its open items. Pure, and the only place that knows the states.

An item is what of an entry falls due on one day; of a bank or journal entry it is one line. Its key
is the entry's and a rank: the rank stays when Exact gives the terms other IDs, or the day changes.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from adapters.exact.endpoints import OPEN, PROCESSED, SELECTED
from adapters.exact.mapping_ranks import Rank, item_key, paid_on_of, ranked
from adapters.exact.terms import BALANCES, CREDITS, GONE, INVOICES, RECEIPT, Term, ledger_of
from adapters.exact.values import day_of
from connector.port.money import Money
from connector.port.records import Document, End, ItemId, ItemRecord, PartyRef

_COLLECTED: Final = frozenset((SELECTED, PROCESSED))
KNOWN_STATES: Final = frozenset((OPEN, SELECTED, PROCESSED))
_DUNNABLE: Final = INVOICES | CREDITS | BALANCES
KNOWN_KINDS: Final = _DUNNABLE | frozenset((RECEIPT, "80", "82", "83"))
_BY_NATURE: Final = _DUNNABLE | frozenset((RECEIPT,))
_APPROVED: Final = frozenset(("", "4"))
_BY_DIRECT_DEBIT: Final = "I"


class _Part(NamedTuple):
    """What one item is made of."""

    key: ItemId
    rank: int
    terms: Sequence[Term]
    number: str
    paid_on: str = ""
    is_one_of_many: bool = False


class Told(NamedTuple):
    """What became of the terms of one side of an entry.

    Attributes:
        gone: Items whose terms were deleted, without others in their place.
        ranks: To be remembered; empty: nothing needs to be.
        warnings: Codes, each with the value that is not known.
    """

    items: tuple[ItemRecord, ...]
    gone: tuple[ItemId, ...] = ()
    ranks: tuple[Rank, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()


def tell(terms: Sequence[Term], ranks: Sequence[Rank], number: str, *, is_known: bool) -> Told:
    """Return the items of one side of an entry.

    Args:
        terms: All that are remembered, and those that were settled or deleted since; at least one.
        ranks: What is known of its items, in order; empty when there was never more than one.
        number: The setting: which number is shown.
        is_known: An item of it was told before; else what is settled is not worth telling.
    """
    slots: dict[str, list[Term]] = {}
    for term in terms:
        if term.state != GONE:
            slots.setdefault(term.slot, []).append(term)
    before = ranks or [Rank(slot) for slot in _slots(t for t in terms if t.state == GONE)]
    return _tell(terms[0].base, slots, ranked(before, slots), number, is_known=is_known)


def tell_one(term: Term, number: str) -> ItemRecord:
    """Return the item of an entry with one term, which is open; as `tell` has it, and quickly."""
    return _open_item(_Part(ItemId(term.base), 1, (term,), number))


def _slots(terms: Iterable[Term]) -> list[str]:
    return sorted({term.slot for term in terms})


def _tell(
    base: str, slots: dict[str, list[Term]], ranks: Sequence[Rank], number: str, *, is_known: bool
) -> Told:
    items: list[ItemRecord] = []
    gone: list[ItemId] = []
    after: list[Rank] = []
    warnings: list[tuple[str, str]] = []
    for at, rank in enumerate(ranks, 1):
        key, terms = item_key(base, at), slots.get(rank.slot, [])
        left = [term for term in terms if term.is_open]
        paid_on = paid_on_of(rank, terms)
        amount = sum(term.amount for term in left)
        is_open = amount != 0
        after.append(Rank(rank.slot, is_open, paid_on, amount))
        if is_open:
            part = _Part(key, at, left, number, paid_on, len(ranks) > 1)
            items.append(_open_item(part))
            warnings += odd(left)
        elif terms:
            if is_known or rank.is_open:
                part = _Part(key, at, terms, number, paid_on, len(ranks) > 1)
                items.append(_settled_item(part))
        elif rank.is_open:
            gone.append(key)
    needed = len(after) > 1 or any(rank.is_open and rank.paid_on for rank in after)
    return Told(tuple(items), tuple(gone), tuple(after) if needed else (), tuple(warnings))


def _open_item(part: _Part) -> ItemRecord:
    terms = part.terms
    lead = terms[0] if len(terms) == 1 else _lead(terms)
    amount = lead.amount if len(terms) == 1 else sum(term.amount for term in terms)
    kind, currency = lead.kind, lead.currency
    open_ = Money.from_minor(amount, currency)
    is_plain = lead.state == OPEN and len(terms) == 1
    return ItemRecord(
        id=part.key,
        ledger=ledger_of(lead.side),
        number=_number(lead, part.number),
        term=part.rank,
        party=PartyRef(lead.party),
        document=_document(kind, amount),
        issued=day_of(lead.issued),
        due=day_of(lead.due),
        open=open_,
        total=open_ if amount == lead.total and not part.is_one_of_many else _total(part, lead),
        reference=lead.reference or None,
        description=lead.description or None,
        names_invoice=_named(lead, part.number) if kind == RECEIPT else None,
        paid_on=day_of(part.paid_on),
        direct_debit=lead.method == _BY_DIRECT_DEBIT or (not is_plain and _is_collected(terms)),
        blocked=(kind not in _DUNNABLE and amount > 0) or (not is_plain and _is_strange(terms)),
        tags=_tags(lead),
        raw=_raw(terms, lead),
    )


def _total(part: _Part, lead: Term) -> Money | None:
    """Return the total of the transaction; of one of its instalments nothing is known."""
    return None if part.is_one_of_many else Money.from_minor(lead.total, lead.currency)


def _is_collected(terms: Iterable[Term]) -> bool:
    return any(term.method == _BY_DIRECT_DEBIT or term.state in _COLLECTED for term in terms)


def _is_strange(terms: Sequence[Term]) -> bool:
    return any(t.state not in KNOWN_STATES or t.currency != terms[0].currency for t in terms)


def _settled_item(part: _Part) -> ItemRecord:
    """Return an item of which nothing is open: money came last, or it was settled without."""
    lead = _lead(part.terms)
    settled = [term for term in part.terms if not term.is_open]
    is_paid = any(term.paid_on for term in settled)
    ended_on = part.paid_on if is_paid else max((term.ended_on for term in settled), default="")
    return ItemRecord(
        id=part.key,
        ledger=ledger_of(lead.side),
        number=_number(lead, part.number),
        term=part.rank,
        party=PartyRef(lead.party),
        document=_document(lead.kind, lead.amount),
        issued=day_of(lead.issued),
        due=day_of(lead.due),
        open=Money.zero(lead.currency),
        total=_total(part, lead),
        end=End.PAID if is_paid else End.CREDITED,
        reference=lead.reference or None,
        description=lead.description or None,
        paid_on=day_of(ended_on),
        tags=_tags(lead),
        raw=_raw(part.terms, lead),
    )


def _lead(terms: Sequence[Term]) -> Term:
    """Return the term that speaks for all: the newest, and of these the last by its ID."""
    return max(terms, key=lambda term: (term.stamp, term.id))


def _document(kind: str, amount: int) -> Document:
    if amount >= 0:
        return Document.INVOICE
    return Document.PAYMENT if kind == RECEIPT else Document.CREDIT


def _number(term: Term, setting: str) -> str:
    """Return the number by which the item is known, the supplier's own of a payable."""
    yours, invoice, entry = term.your_ref, term.invoice_number, term.entry_number
    if term.side == "P" or setting == "your_ref":
        return yours or invoice or entry or term.entry
    if setting == "invoice_number":
        return invoice or yours or entry or term.entry
    return entry or invoice or yours or term.entry


def _named(term: Term, setting: str) -> str | None:
    """Return the invoice that a receipt speaks of, if it is one."""
    return (term.your_ref if setting == "your_ref" else term.invoice_number) or None


def _tags(term: Term) -> tuple[str, ...]:
    if term.kind in _BY_NATURE and not term.reversal and term.approval in _APPROVED:
        return ()
    tags = ["reversal"] if term.reversal else []
    if term.approval not in _APPROVED:
        tags.append("not_approved")
    if term.kind not in _BY_NATURE:
        tags.append(f"type_{term.kind}")
    return tuple(tags)


def _raw(terms: Sequence[Term], lead: Term) -> dict[str, str]:
    """Return the fields as the source names them; without those that change when nothing does."""
    if len(terms) == 1:
        ids, states = lead.id, lead.state
    else:
        ids = " ".join(sorted(term.id for term in terms))
        states = " ".join(sorted({term.state for term in terms}))
    return {
        "ID": ids,
        "TransactionEntryID": lead.entry,
        "TransactionType": lead.kind,
        "Status": states,
        "Account": lead.account,
        "AccountContact": lead.contact,
        "EntryNumber": lead.entry_number,
        "InvoiceNumber": lead.invoice_number,
        "YourRef": lead.your_ref,
        "PaymentMethod": lead.method,
        "ApprovalStatus": lead.approval,
    }


def odd(terms: Sequence[Term]) -> tuple[tuple[str, str], ...]:
    """Return what of open terms is not known; they are not dunned."""
    found = []
    for term in terms:
        if term.state not in KNOWN_STATES:
            found.append(("exact.status_unknown", term.state))
        if term.kind not in KNOWN_KINDS:
            found.append(("exact.type_unknown", term.kind))
    return tuple(dict.fromkeys(found))
