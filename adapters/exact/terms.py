"""A payment term: from the wire, into what is remembered of it, and back. Pure.

A term is what Exact stores; its ID is not durable. What is open on it is kept with our sign:
positive when it is owed to us, or by us to a supplier.
Source: the facts about Exact Online, sections 2.4 and 3.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from adapters.exact.endpoints import SETTLED
from adapters.exact.values import (
    Record,
    code_of,
    currency_of,
    flag_of,
    iso_of,
    key_of,
    minor_of,
    missing,
    unreadable,
    words_of,
)
from connector.port.errors import RecordError
from connector.port.records import Ledger, Memo

RECEIPT: Final = "40"
"""TransactionType of a line of the bank or cash book."""

INVOICES: Final = frozenset(("20", "30"))
CREDITS: Final = frozenset(("21", "31"))
BALANCES: Final = frozenset(("10", "90"))
"""Opening balance and journal entry: one entry may be about many relations."""

GONE: Final = "gone"
"""Status of a term that was deleted, until its entry was told anew."""

_ENDED: Final = frozenset((SETTLED, GONE))
_SIDES: Final = {"20": "R", "22": "P"}
_LEDGERS: Final = {"R": Ledger.RECEIVABLE, "P": Ledger.PAYABLE}
_BY_DUE: Final = INVOICES | CREDITS


class Signs(NamedTuple):
    """How a division writes its amounts; 0: not seen yet.

    Attributes:
        total: Sign of `TransactionAmountDC` of an ordinary invoice.
        amount: Sign of `AmountDC` of an ordinary invoice that is open.
    """

    total: int = 0
    amount: int = 0


class Term(NamedTuple):
    """What is needed of a term; texts are empty where the source says nothing.

    Attributes:
        era: The full pass in which it was seen.
        side: `R` receivable, `P` payable.
        slot: Terms of an entry with the same slot are one item.
        amount: Minor units with our sign; of a settled term what it was settled for.
        amount_dc: The same in the division's currency.
        total: Of the whole transaction, with our sign.
    """

    id: str
    entry: str
    stamp: int
    era: int
    side: str
    kind: str
    state: str
    slot: str
    issued: str
    due: str
    amount: int
    amount_dc: int
    total: int
    currency: str
    entry_number: str
    invoice_number: str
    your_ref: str
    reference: str
    description: str
    account: str
    party: str
    contact: str
    method: str
    approval: str
    reversal: str
    paid_on: str
    ended_on: str

    @property
    def is_open(self) -> bool:
        """Whether it counts among what is open."""
        return self.state not in _ENDED

    @property
    def base(self) -> str:
        """The key of the first item of its entry."""
        return f"{self.side}/{self.entry}"


_TEXTS: Final = len(Term._fields) - 2  # without what stands in the memo's key and group
_NUMBERS: Final = tuple(
    Term._fields.index(name) - 2 for name in ("stamp", "era", "amount", "amount_dc", "total")
)


def ledger_of(side: str) -> Ledger:
    """Return the side of the books."""
    return _LEDGERS[side]


def signs_of(rows: Iterable[Record], side: str, known: Signs) -> Signs:
    """Return how amounts of a side are written, as most of its invoices have it.

    What is known stays. The total of a sales invoice is positive, whatever else is not.
    """
    if known.amount:
        return known
    totals = amounts = 0
    for row in rows:
        try:
            if _SIDES.get(code_of(row["LineType"])) != side:
                continue
            if code_of(row["TransactionType"]) not in INVOICES or _is_settled(row):
                continue
            total = _sign(minor_of(row["TransactionAmountDC"], "EUR"))
            amount = _sign(minor_of(row["AmountDC"], "EUR"))
        except (KeyError, TypeError, ValueError):
            continue
        totals += total
        amounts += total * amount
    usual = 1 if side == "R" else _sign(totals)
    return Signs(usual, usual * _sign(amounts)) if usual and amounts else known


def _is_settled(row: Record) -> bool:
    return code_of(row["Status"]) == SETTLED


def to_term(row: Record, signs: tuple[Signs, Signs], era: int) -> Term:
    """Return the term of a row.

    Args:
        row: Of sync/Cashflow/PaymentTerms, or of another list of terms with LineType and Timestamp.
        signs: Of receivables and of payables.
        era: The full pass.

    Raises:
        RecordError: A field is missing or can't be read (`facts["field"]`).
    """
    try:
        return _to_term(row, signs, era)
    except KeyError as error:
        raise missing(str(error.args[0])) from error
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise _blame(row) from error


def _to_term(row: Record, signs: tuple[Signs, Signs], era: int) -> Term:
    currency, _ = currency_of(row["Currency"]), row["Division"]
    side, kind = _side(row["LineType"]), code_of(row["TransactionType"])
    due = iso_of(row["DueDate"])
    entry = row["TransactionEntryID"]
    line = row["TransactionID"] or row["Account"]
    account, contact, approval = row["Account"], row["AccountContact"], row.get("ApprovalStatus")
    return Term(
        key_of(row["ID"]),
        _other_key(row) if entry is None else key_of(entry),
        int(row["Timestamp"]),
        era,
        side,
        kind,
        code_of(row["Status"]),
        due if kind in _BY_DUE else key_of(line),
        iso_of(row["InvoiceDate"]),
        due,
        *_amounts(row, kind, currency, signs[0] if side == "R" else signs[1]),
        currency,
        _number(row["EntryNumber"]),
        _number(row["InvoiceNumber"]),
        words_of(row["YourRef"]),
        words_of(row["PaymentReference"]),
        words_of(row["Description"]),
        key_of(account),
        words_of(row["AccountCode"]),
        "" if contact is None else key_of(contact),
        words_of(row["PaymentMethod"]),
        "" if approval is None else code_of(approval),
        "1" if flag_of(row["TransactionIsReversal"]) else "",
        iso_of(row["LastPaymentDate"]),
        iso_of(row["EndDate"]),
    )


def _amounts(row: Record, kind: str, currency: str, signs: Signs) -> tuple[int, int, int]:
    """Return what is open, the same in the division's currency, and the total; with our sign."""
    wire, wire_dc = row["AmountFC"], row["AmountDC"]
    amount = minor_of(wire, currency)
    amount_dc = amount if wire_dc == wire else minor_of(wire_dc, "EUR")
    total = minor_of(row["TransactionAmountFC"], currency)
    sign = _direction(kind, amount, total or row["TransactionAmountDC"], signs)
    return sign * abs(amount), sign * abs(amount_dc), sign * abs(total)


def _side(line_type: object) -> str:
    side = _SIDES.get(code_of(line_type))
    if side is None:
        raise ValueError("neither to be received nor to be paid")
    return side


def _direction(kind: str, amount: int, total: Any, signs: Signs) -> int:  # noqa: ANN401  # wire
    """Return 1 for what is owed, -1 for what goes against it.

    Of invoices and credit notes the transaction says so. What else is open is held against how an
    invoice looks; where none was seen yet, a receipt goes against invoices by its nature.
    """
    if kind in _BY_DUE:
        found = _sign(total if type(total) is int else minor_of(total, "EUR")) * (signs.total or 1)
        return found or (-1 if kind in CREDITS else 1)
    if signs.amount:
        return _sign(amount) * signs.amount or 1
    return -1 if kind == RECEIPT else (-_sign(amount) or 1)


def _other_key(row: Record) -> str:
    """Return what stands for a missing TransactionEntryID: journal, number and year."""
    journal, number, issued = words_of(row["Journal"]), row["EntryNumber"], row["InvoiceDate"]
    if number is None or issued is None:
        raise KeyError("TransactionEntryID")
    return f"{journal or '-'}.{code_of(number)}.{iso_of(issued)[:4]}"


def _number(value: object) -> str:
    """Return a number of an entry or invoice; 0 is none."""
    if type(value) is int:
        return str(value) if value else ""
    text = words_of(value)
    return "" if text == "0" else text


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _amount(value: object) -> int:
    return minor_of(value, "EUR")


def _key_or_none(value: object) -> str:
    return "" if value is None else key_of(value)


_READERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "ID": key_of,
    "TransactionEntryID": _key_or_none,
    "Timestamp": int,
    "Currency": currency_of,
    "LineType": _side,
    "TransactionType": code_of,
    "Status": code_of,
    "DueDate": iso_of,
    "InvoiceDate": iso_of,
    "LastPaymentDate": iso_of,
    "EndDate": iso_of,
    "Account": key_of,
    "TransactionID": _key_or_none,
    "AccountContact": _key_or_none,
    "TransactionIsReversal": flag_of,
    "AmountFC": _amount,
    "AmountDC": _amount,
    "TransactionAmountFC": _amount,
    "TransactionAmountDC": _amount,
}


def _blame(row: Record) -> RecordError:
    """Return the error for the first field that can't be read, amounts last."""
    for field, read in _READERS.items():
        try:
            read(row[field])
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return unreadable(field)
    return unreadable("ApprovalStatus")


def newest_of(terms: Iterable[Term]) -> list[Term]:
    """Return each term once, as it was last."""
    found: dict[str, Term] = {}
    for term in terms:
        if term.id not in found or found[term.id].stamp <= term.stamp:
            found[term.id] = term
    return list(found.values())


def exceeds(terms: Sequence[Term], pick: Callable[[Iterable[int]], int]) -> bool:
    """Return whether open terms of an entry are more than the invoice ever was.

    Terms that were replaced are among them then. An invoice may have been edited: `pick` says
    which of its totals counts.
    """
    if not terms or terms[0].kind not in _BY_DUE:
        return False
    total = pick(abs(term.total) for term in terms)
    return abs(sum(term.amount for term in terms)) > total


def memo_of(term: Term) -> Memo:
    """Return what is remembered of a term: its fields in their order, in one line."""
    return Memo(f"t:{term.id}", f"e:{term.entry}", "\t".join(map(str, term[2:])))


def term_of(memo: Memo) -> Term | None:
    """Return what was remembered, None when it is damaged or of another release."""
    texts: list[Any] = (memo.value or "").split("\t")
    if len(texts) != _TEXTS:
        return None
    try:
        for at in _NUMBERS:
            texts[at] = int(texts[at])
    except ValueError:
        return None
    return Term(memo.key[2:], memo.group[2:], *texts)
