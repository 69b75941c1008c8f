"""Columns of payment terms, as three kinds of resources show them: each with its own signs."""

from collections.abc import Callable
from typing import Any

from adapters.exact.sim_columns import Column, Columns, Kind, nothing
from adapters.exact.sim_ways import Ways
from adapters.exact.sim_world import MATCHED, PAYABLE, SORTS, Entry, Term, guid

_DAYS = 30
_GL_CODES = {20: "1300", 22: "1600"}


def transaction_sign(entry: Entry, ways: Ways) -> int:
    """Return the sign of `TransactionAmountDC` and `-FC`."""
    if entry.kind == 40:
        return ways.receipt_sign
    return entry.side * (ways.payables_sign if entry.line == PAYABLE else 1)


def amount_sign(entry: Entry, ways: Ways, sign: int) -> int:
    """Return the sign of `AmountDC` and `-FC`, where an open invoice has the sign given."""
    if entry.line == PAYABLE:
        own = ways.payables_terms_sign
        return entry.side * ways.payables_sign * (sign if own is None else own)
    return entry.side * sign


def payment_terms(ways: Ways) -> Columns:
    """Return the columns of sync/Cashflow/PaymentTerms."""
    return {
        **_columns(ways, lambda: ways.terms_sign),
        "Timestamp": Column(Kind.LONG, lambda term: term.ts),
        "LineType": Column(Kind.INT, lambda term: term.entry.line),
        "ApprovalStatus": Column(Kind.INT, lambda term: term.entry.approval),
        **nothing(Kind.TEXT, ("PaymentBatchNumber", "PaymentSelectorFullName")),
    }


def receivables(ways: Ways) -> Columns:
    """Return the columns of cashflow/Receivables."""
    return _columns(ways, lambda: ways.receivables_sign)


def outstanding(ways: Ways) -> Columns:
    """Return the columns of the lists of outstanding items; what is to be received is positive."""

    def signed(term: Term) -> int:
        sign = ways.payables_list_sign if term.entry.line == PAYABLE else 1
        return sign * term.entry.side * term.amount

    return {
        "HID": Column(Kind.LONG, lambda term: term.id),
        "AccountId": Column(Kind.GUID, lambda t: guid(SORTS["accounts"], t.entry.account.id)),
        "AccountCode": Column(Kind.TEXT, lambda term: term.entry.account.code),
        "AccountName": Column(Kind.TEXT, lambda term: term.entry.account.name),
        "Amount": Column(Kind.MONEY, signed),
        "AmountInTransit": Column(
            Kind.MONEY, lambda term: signed(term) if term.status == 40 else 0
        ),
        "CurrencyCode": Column(Kind.TEXT, lambda term: term.entry.currency),
        "Description": Column(Kind.TEXT, lambda term: term.entry.description),
        "DueDate": Column(Kind.DATE, lambda term: term.due),
        "EntryNumber": Column(Kind.INT, lambda term: term.entry.number),
        "InvoiceDate": Column(Kind.DATE, lambda term: term.entry.issued),
        "InvoiceNumber": Column(Kind.INT, lambda term: term.entry.number),
        "JournalCode": Column(Kind.TEXT, _journal),
        "JournalDescription": Column(Kind.TEXT, _journal_name),
        "YourRef": Column(
            Kind.TEXT, lambda term: None if term.entry.kind == 40 else term.entry.your_ref
        ),
    }


def payables(ways: Ways) -> Columns:
    """Return the columns of PayablesList."""
    approval = Column(Kind.INT, lambda term: term.entry.approval)
    return {**outstanding(ways), "ApprovalStatus": approval}


def _columns(ways: Ways, sign: Callable[[], int]) -> dict[str, Column]:
    return {
        **_amounts(ways, sign),
        **_party(),
        **_dates(),
        **_numbers(),
        **_state(),
        **_bookkeeping(),
    }


def _amounts(ways: Ways, sign: Callable[[], int]) -> dict[str, Column]:
    def signed(term: Term) -> int:
        return amount_sign(term.entry, ways, sign())

    def of_transaction(term: Term) -> int:
        return transaction_sign(term.entry, ways)

    return {
        "AmountDC": Column(Kind.MONEY, lambda term: signed(term) * term.amount_dc),
        "AmountFC": Column(Kind.MONEY, lambda term: signed(term) * term.amount),
        "TransactionAmountDC": Column(
            Kind.MONEY, lambda term: of_transaction(term) * term.entry.total_dc
        ),
        "TransactionAmountFC": Column(
            Kind.MONEY, lambda term: of_transaction(term) * term.entry.total
        ),
        "RateFC": Column(Kind.DOUBLE, lambda term: term.entry.rate),
        "Currency": Column(Kind.TEXT, lambda term: term.entry.currency),
        **nothing(Kind.MONEY, ("AmountDiscountDC", "AmountDiscountFC"), 0),
    }


def _party() -> dict[str, Column]:
    def contact(term: Term) -> str | None:
        one = term.entry.contact
        return None if one is None else guid(SORTS["contacts"], one.id)

    return {
        "Account": Column(Kind.GUID, lambda t: guid(SORTS["accounts"], t.entry.account.id)),
        "AccountCode": Column(Kind.TEXT, lambda term: term.entry.account.code),
        "AccountName": Column(Kind.TEXT, lambda term: term.entry.account.name),
        "AccountCountry": Column(Kind.TEXT, lambda term: _country(term.entry.account.country)),
        "AccountContact": Column(Kind.GUID, contact),
        "AccountContactName": Column(
            Kind.TEXT, lambda term: term.entry.contact.name if term.entry.contact else None
        ),
        **nothing(Kind.GUID, ("AccountBankAccountID",)),
        **nothing(Kind.TEXT, ("AccountBankAccountNumber",)),
    }


def _country(code: str | None) -> str | None:
    return None if code is None else code.ljust(3)


def _dates() -> dict[str, Column]:
    return {
        "DueDate": Column(Kind.DATE, lambda term: term.due),
        "InvoiceDate": Column(Kind.DATE, lambda term: term.entry.issued),
        "EntryDate": Column(Kind.DATE, lambda term: term.entry.issued),
        "TransactionDueDate": Column(Kind.DATE, lambda term: term.entry.due),
        "EndDate": Column(Kind.DATE, lambda term: term.ended_on),
        "LastPaymentDate": Column(Kind.DATE, lambda term: term.paid_on),
        "Created": Column(Kind.STAMP, lambda term: term.created),
        "Modified": Column(Kind.STAMP, lambda term: term.modified or term.created),
        **nothing(Kind.DATE, ("DiscountDueDate", "ReceivableSelected")),
        **nothing(Kind.INT, ("EndPeriod", "EndYear")),
    }


def _numbers() -> dict[str, Column]:
    return {
        "ID": Column(Kind.GUID, lambda term: guid(SORTS["terms"], term.id)),
        "EntryID": Column(Kind.GUID, lambda term: guid(SORTS["batches"], term.batch)),
        "TransactionEntryID": Column(Kind.GUID, lambda term: guid(SORTS["entries"], term.entry.id)),
        "TransactionID": Column(Kind.GUID, lambda term: guid(SORTS["transactions"], term.entry.id)),
        "EntryNumber": Column(Kind.INT, lambda term: term.entry.number),
        "InvoiceNumber": Column(Kind.INT, lambda term: term.entry.invoice_number),
        "YourRef": Column(Kind.TEXT, lambda term: term.entry.your_ref),
        "PaymentReference": Column(Kind.TEXT, _reference),
        "Description": Column(Kind.TEXT, lambda term: term.entry.description),
        **nothing(Kind.INT, ("OrderNumber", "DocumentNumber")),
        **nothing(Kind.GUID, ("Document", "DirectDebitMandate")),
    }


def _reference(term: Term) -> str:
    return term.entry.reference or f"{term.entry.account.code.strip()}/{term.entry.number}"


def _state() -> dict[str, Column]:
    return {
        "Status": Column(Kind.INT, lambda term: term.status),
        "IsFullyPaid": Column(Kind.BOOL, lambda term: term.status == MATCHED),
        "TransactionType": Column(Kind.INT, lambda term: term.entry.kind),
        "PaymentMethod": Column(Kind.TEXT, lambda term: term.entry.method),
        "PaymentCondition": Column(Kind.TEXT, lambda term: term.entry.condition),
        **nothing(Kind.TEXT, ("PaymentConditionDescription",)),
        **nothing(Kind.INT, ("PaymentDays",), _DAYS),
        **nothing(Kind.INT, ("PaymentDaysDiscount",), 0),
        **nothing(Kind.MONEY, ("PaymentDiscountPercentage",), 0),
        **nothing(Kind.INT, ("TransactionStatus", "Source"), 20),
        **nothing(Kind.BOOL, ("TransactionIsReversal",), value=False),
    }


def _bookkeeping() -> dict[str, Column]:
    return {
        "Division": Column(Kind.INT, lambda term: term.entry.account.division.code),
        "Journal": Column(Kind.TEXT, _journal),
        "JournalDescription": Column(Kind.TEXT, _journal_name),
        "GLAccountCode": Column(Kind.TEXT, lambda term: _GL_CODES[term.entry.line]),
        **nothing(Kind.GUID, ("GLAccount", "Creator", "Modifier"), guid(SORTS["user"], 1)),
        **nothing(Kind.GUID, ("ReceivableSelector", "CashflowTransactionBatch")),
        **nothing(
            Kind.TEXT,
            ("GLAccountDescription", "CashflowTransactionBatchCode", "EndToEndID",
             "PaymentInformationID", "ReceivableBatchNumber"),
        ),
        **nothing(Kind.INT, ("IsBatchBooking",), 0),
    }  # fmt: skip


def _journal(term: Any) -> str:  # noqa: ANN401  # as getters are typed
    if term.entry.kind == 40:
        return "20"
    return "60" if term.entry.line == PAYABLE else "70"


def _journal_name(term: Any) -> str:  # noqa: ANN401  # as getters are typed
    return {"20": "Bank", "60": "Inkoop", "70": "Verkoop"}[_journal(term)]
