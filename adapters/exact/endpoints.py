"""What is read of Exact Online: paths, the fields that are asked for, and what codes mean.

Source: the facts about Exact Online, sections 2 and 5. Paths are those below a division; they are
case-sensitive. Only what is selected is delivered.
"""

from typing import Any, Final, TypedDict

from connector.port.records import ItemId

TERMS: Final = "sync/Cashflow/PaymentTerms"
ACCOUNTS: Final = "sync/CRM/Accounts"
CONTACTS: Final = "sync/CRM/Contacts"
DELETED: Final = "sync/Deleted"
DIVISIONS: Final = "system/Divisions"
CONDITIONS: Final = "cashflow/PaymentConditions"
OVERVIEW: Final = "read/financial/OutstandingInvoicesOverview"
RECEIVABLES: Final = "cashflow/Receivables"

OPEN, SELECTED, PROCESSED, SETTLED = "20", "30", "40", "50"
"""Status of a term: open, selected for collection, collection sent, matched. Section 2.4."""

DELETED_ACCOUNT, DELETED_CONTACT, DELETED_TERM = 2, 5, 10
"""EntityType of sync/Deleted. Section 5."""


class TermRow(TypedDict):
    """A payment term. Section 2.4, sync/Cashflow/PaymentTerms and cashflow/Receivables."""

    ID: str
    Status: int
    TransactionEntryID: str | None
    TransactionID: str | None
    TransactionType: int
    TransactionIsReversal: bool | None
    EntryNumber: int | None
    InvoiceNumber: int | None
    YourRef: str | None
    Journal: str | None
    PaymentReference: str | None
    Description: str | None
    Account: str
    AccountCode: str | None
    AccountContact: str | None
    AmountFC: Any
    AmountDC: Any
    TransactionAmountFC: Any
    TransactionAmountDC: Any
    Currency: str
    InvoiceDate: str | None
    DueDate: str | None
    LastPaymentDate: str | None
    EndDate: str | None
    PaymentMethod: str | None
    Division: int


class SyncTermRow(TermRow):
    """A payment term of either side. Section 2.4, sync/Cashflow/PaymentTerms."""

    Timestamp: str
    LineType: int
    ApprovalStatus: int | None


class AccountRow(TypedDict):
    """A relation. Section 2.2."""

    Timestamp: str
    ID: str
    Code: str
    Name: str | None
    Email: str | None
    Phone: str | None
    Language: str | None
    Country: str | None
    AddressLine1: str | None
    AddressLine2: str | None
    AddressLine3: str | None
    Postcode: str | None
    City: str | None
    ChamberOfCommerce: str | None
    VATNumber: str | None
    PaymentConditionSales: str | None
    MainContact: str | None
    Blocked: bool | None
    IsAnonymised: int | None
    Division: int


class ContactRow(TypedDict):
    """A person at a relation. Section 2.3."""

    Timestamp: str
    ID: str
    Account: str | None
    FullName: str | None
    Email: str | None
    BusinessEmail: str | None
    Language: str | None
    IsMainContact: bool | None
    IsAnonymised: int | None
    Division: int


class DeletedRow(TypedDict):
    """What was deleted. Section 5."""

    Timestamp: str
    EntityKey: str
    EntityType: int
    Division: int


class DivisionRow(TypedDict):
    """A division. Section 2.1, system/Divisions."""

    Code: int
    Currency: str | None
    BlockingStatus: int | None
    DivisionMoveDate: str | None
    DivisionHRLinkUnlinkDate: str | None


class ConditionRow(TypedDict):
    """A payment condition. Section 2.6."""

    Code: str
    Description: str | None
    CreditManagementScenarioCode: str | None


class OverviewRow(TypedDict):
    """What is outstanding in one currency. Section 2.4, OutstandingInvoicesOverview."""

    CurrencyCode: str
    OutstandingReceivableInvoiceAmount: Any
    OutstandingPayableInvoiceAmount: Any


SYNC_TERM_FIELDS: Final = tuple(SyncTermRow.__annotations__)
TERM_FIELDS: Final = tuple(TermRow.__annotations__)
ACCOUNT_FIELDS: Final = tuple(AccountRow.__annotations__)
CONTACT_FIELDS: Final = tuple(ContactRow.__annotations__)
DELETED_FIELDS: Final = tuple(DeletedRow.__annotations__)
DIVISION_FIELDS: Final = tuple(DivisionRow.__annotations__)
CONDITION_FIELDS: Final = tuple(ConditionRow.__annotations__)
OVERVIEW_FIELDS: Final = tuple(OverviewRow.__annotations__)


def entry_of(item: ItemId) -> tuple[str, str] | None:
    """Return side (`R` or `P`) and entry of one of our keys, None when it is none of ours."""
    side, _, rest = item.partition("/")
    entry, mark, rank = rest.partition("#")
    is_rank = rank.isascii() and rank.isdigit() and not rank.startswith("0")
    if side not in ("R", "P") or not entry or (mark and not is_rank):
        return None
    return side, entry
