"""Columns of relations, divisions and of what is posted; the other half lies in `sim_terms`."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.exact.sim_columns import Column, Columns, Kind, nothing, plain
from adapters.exact.sim_world import SORTS, Account, Division, Plain, guid

DIVISION_DEFAULTS: Final[Mapping[str, Any]] = {
    "Description": "Jansen Advies",
    "Currency": "EUR",
    "Country": "NL ",
    "Legislation": "1",
    "ChamberOfCommerceNumber": None,
    "VATNumber": None,
    "Email": None,
    "AddressLine1": "Dorpsstraat 1",
    "Postcode": "1234 AB",
    "City": "Utrecht",
    "CustomerName": None,
    "IsMainDivision": True,
    "IsPracticeDivision": False,
    "IsDossierDivision": False,
    "BlockingStatus": 0,
    "DivisionMoveDate": None,
    "DivisionHRLinkUnlinkDate": None,
}
"""Wire fields of system/Divisions that may be given."""

DOCUMENTS: Final = plain(
    ID=Kind.GUID, Subject=Kind.TEXT, Body=Kind.TEXT, Type=Kind.INT, TypeDescription=Kind.TEXT,
    Category=Kind.GUID, DocumentDate=Kind.DATE, Account=Kind.GUID, AccountName=Kind.TEXT,
    Contact=Kind.GUID, AmountFC=Kind.DOUBLE, Currency=Kind.TEXT, DocumentFolder=Kind.GUID,
    ExpiryDate=Kind.DATE, FinancialTransactionEntryID=Kind.GUID, SalesInvoiceNumber=Kind.INT,
    Opportunity=Kind.GUID, Project=Kind.GUID, Language=Kind.TEXT, HID=Kind.INT,
    DocumentViewUrl=Kind.TEXT, SendMethod=Kind.INT, HasEmptyBody=Kind.BOOL,
    InheritShare=Kind.BOOL, Division=Kind.INT, Created=Kind.STAMP, Modified=Kind.STAMP,
)  # fmt: skip
ATTACHMENTS: Final = plain(
    ID=Kind.GUID, Document=Kind.GUID, FileName=Kind.TEXT, Attachment=Kind.TEXT,
    FileSize=Kind.DOUBLE, Url=Kind.TEXT,
)  # fmt: skip
TASKS: Final = plain(
    ID=Kind.GUID, Account=Kind.GUID, AccountName=Kind.TEXT, Contact=Kind.GUID,
    Document=Kind.GUID, Project=Kind.GUID, User=Kind.GUID, Description=Kind.TEXT,
    Notes=Kind.TEXT, ActionDate=Kind.DATE, TaskType=Kind.INT, Status=Kind.INT,
    AssignedTo=Kind.GUID, HID=Kind.INT, Created=Kind.STAMP, Modified=Kind.STAMP,
)  # fmt: skip
NOTES: Final = plain(
    ID=Kind.GUID, Account=Kind.GUID, AccountName=Kind.TEXT, Contact=Kind.GUID,
    Document=Kind.GUID, User=Kind.GUID, Subject=Kind.TEXT, Notes=Kind.TEXT, Date=Kind.DATE,
    Status=Kind.INT, HID=Kind.INT, Created=Kind.STAMP, Modified=Kind.STAMP,
)  # fmt: skip
SUBSCRIPTIONS: Final = plain(
    ID=Kind.GUID, CallbackURL=Kind.TEXT, Topic=Kind.TEXT, ClientID=Kind.GUID, Division=Kind.INT,
    Description=Kind.TEXT, UserID=Kind.GUID, IsInstant=Kind.BOOL, Created=Kind.STAMP,
)  # fmt: skip
CONDITIONS: Final = plain(
    ID=Kind.GUID, Code=Kind.TEXT, Description=Kind.TEXT, PaymentDays=Kind.INT,
    PaymentEndOfMonths=Kind.INT, DiscountPaymentDays=Kind.INT, DiscountPercentage=Kind.DOUBLE,
    Percentage=Kind.DOUBLE, PaymentMethod=Kind.TEXT, CreditManagementScenario=Kind.GUID,
    CreditManagementScenarioCode=Kind.TEXT, CreditManagementScenarioDescription=Kind.TEXT,
    Division=Kind.INT, Created=Kind.STAMP, Modified=Kind.STAMP,
)  # fmt: skip
DOCUMENT_TYPES: Final = plain(
    ID=Kind.INT, Description=Kind.TEXT, DocumentIsCreatable=Kind.BOOL,
    DocumentIsUpdatable=Kind.BOOL, DocumentIsDeletable=Kind.BOOL, DocumentIsViewable=Kind.BOOL,
    TypeCategory=Kind.INT,
)  # fmt: skip
ME: Final = plain(
    UserID=Kind.GUID, CurrentDivision=Kind.INT, AccountingDivision=Kind.INT, UserName=Kind.TEXT,
    FullName=Kind.TEXT, Email=Kind.TEXT, LanguageCode=Kind.TEXT, Legislation=Kind.LONG,
    DivisionCustomer=Kind.GUID, DivisionCustomerName=Kind.TEXT, DivisionCustomerCode=Kind.TEXT,
    DivisionCustomerVatNumber=Kind.TEXT, ServerTime=Kind.TEXT, ServerUtcOffset=Kind.DOUBLE,
    PackageCode=Kind.TEXT,
)  # fmt: skip
OVERVIEW: Final = plain(
    CurrencyCode=Kind.TEXT,
    **{
        f"{state}{side}Invoice{what}": Kind.MONEY if what == "Amount" else Kind.DOUBLE
        for state in ("Outstanding", "Overdue")
        for side in ("Payable", "Receivable")
        for what in ("Amount", "Count")
    },
)
DELETED: Final[Columns] = {
    "Timestamp": Column(Kind.LONG, lambda gone: gone.ts),
    "ID": Column(Kind.GUID, lambda gone: guid(SORTS["deleted"], gone.id)),
    "EntityKey": Column(Kind.GUID, lambda gone: gone.key),
    "EntityType": Column(Kind.INT, lambda gone: gone.kind),
    "DeletedDate": Column(Kind.STAMP, lambda gone: gone.at),
    **nothing(Kind.GUID, ("DeletedBy",), guid(SORTS["user"], 1)),
    "Division": Column(Kind.INT, lambda gone: gone.division),
}
TYPES_OF_DOCUMENTS: Final = (
    {"ID": 10, "Description": "Verkoopfactuur", "DocumentIsCreatable": True, "TypeCategory": 1},
    {"ID": 20, "Description": "Inkoopfactuur", "DocumentIsCreatable": True, "TypeCategory": 2},
    {"ID": 50, "Description": "Mailing", "DocumentIsCreatable": False, "TypeCategory": 4},
    {"ID": 55, "Description": "Diversen", "DocumentIsCreatable": True, "TypeCategory": 4},
)


def accounts() -> dict[str, Column]:
    """Return the columns of crm/Accounts."""
    return {
        "ID": Column(Kind.GUID, lambda one: guid(SORTS["accounts"], one.id)),
        "Code": Column(Kind.TEXT, lambda account: account.code),
        "Name": Column(Kind.TEXT, lambda account: account.name),
        "Email": Column(Kind.TEXT, lambda account: account.email),
        "ChamberOfCommerce": Column(Kind.TEXT, lambda account: account.kvk),
        "VATNumber": Column(Kind.TEXT, lambda account: account.vat),
        "Country": Column(Kind.TEXT, _country),
        "Language": Column(Kind.TEXT, lambda account: account.language),
        "Division": Column(Kind.INT, lambda account: account.division.code),
        "Created": Column(Kind.STAMP, lambda account: account.created),
        "Modified": Column(Kind.STAMP, lambda one: one.modified or one.created),
        **nothing(Kind.TEXT, ("Type",), "A"),
        **nothing(Kind.TEXT, ("Status",), "C"),
        **nothing(Kind.BOOL, ("IsSales",), value=True),
        **nothing(
            Kind.BOOL,
            ("Blocked", "IsSupplier", "IsPurchase", "IsReseller", "IsBank", "IsMailing",
             "EnableSalesPaymentLink"),
            value=False,
        ),
        **nothing(Kind.INT, ("IsAnonymised",), 0),
        **nothing(Kind.INT, ("InvoicingMethod",), 2),
        **nothing(Kind.DATE, ("StartDate", "EndDate")),
        **nothing(Kind.DOUBLE, ("CreditLineSales",)),
        **nothing(
            Kind.TEXT,
            ("Phone", "Website", "AddressLine1", "AddressLine2", "AddressLine3", "Postcode",
             "City", "State", "RSIN", "OINNumber", "TradeName", "PaymentConditionSales",
             "PaymentConditionSalesDescription", "PaymentConditionPurchase", "Remarks",
             "InvoiceAccountName", "SearchCode"),
        ),
        **nothing(
            Kind.GUID,
            ("MainContact", "InvoiceAccount", "Parent", "AccountManager",
             *(f"Classification{number}" for number in range(1, 9))),
        ),
    }  # fmt: skip


def contacts() -> dict[str, Column]:
    """Return the columns of crm/Contacts."""
    return {
        "ID": Column(Kind.GUID, lambda one: guid(SORTS["contacts"], one.id)),
        "Account": Column(Kind.GUID, lambda one: guid(SORTS["accounts"], one.account.id)),
        "AccountName": Column(Kind.TEXT, lambda contact: contact.account.name),
        "FullName": Column(Kind.TEXT, lambda contact: contact.name),
        "FirstName": Column(Kind.TEXT, lambda contact: contact.name.partition(" ")[0]),
        "LastName": Column(Kind.TEXT, lambda contact: contact.name.rpartition(" ")[2]),
        "Email": Column(Kind.TEXT, lambda contact: contact.email),
        "BusinessEmail": Column(Kind.TEXT, lambda contact: contact.business_email),
        "Language": Column(Kind.TEXT, lambda contact: contact.language),
        "IsMainContact": Column(Kind.BOOL, lambda contact: contact.main),
        "Division": Column(Kind.INT, lambda contact: contact.account.division.code),
        "Created": Column(Kind.STAMP, lambda contact: contact.created),
        "Modified": Column(Kind.STAMP, lambda one: one.modified or one.created),
        **nothing(
            Kind.TEXT,
            ("MiddleName", "Initials", "Title", "Gender", "JobTitleDescription", "Phone",
             "BusinessPhone", "Mobile", "BusinessMobile"),
        ),
        **nothing(Kind.DATE, ("EndDate",)),
        **nothing(Kind.INT, ("IsAnonymised",), 0),
    }  # fmt: skip


def stamped(columns: Columns) -> dict[str, Column]:
    """Return the columns of the sync twin."""
    return {**columns, "Timestamp": Column(Kind.LONG, lambda row: row.ts)}


def divisions(*, system: bool) -> dict[str, Column]:
    """Return the columns of system/Divisions or hrm/Divisions: their statuses differ."""
    kinds = {
        "Code": Kind.INT, "Status": Kind.INT, "Hid": Kind.LONG, "Current": Kind.BOOL,
        "Customer": Kind.GUID, "BlockingStatus": Kind.INT, "IsMainDivision": Kind.BOOL,
        "IsPracticeDivision": Kind.BOOL, "IsDossierDivision": Kind.BOOL,
        "DivisionMoveDate": Kind.STAMP, "DivisionHRLinkUnlinkDate": Kind.STAMP,
    }  # fmt: skip
    columns = plain(**dict.fromkeys(DIVISION_DEFAULTS, Kind.TEXT) | kinds)
    if not system:
        for name in ("DivisionMoveDate", "DivisionHRLinkUnlinkDate", "CustomerName", "Customer"):
            del columns[name]
    return columns


def division_row(division: Division, *, system: bool, current: int) -> Plain:
    """Return a row of system/Divisions or hrm/Divisions."""
    archived, regular = (2, 1) if system else (1, 0)
    own = {
        "Code": division.code,
        "Hid": str(division.code),
        "Status": archived if division.is_archived else regular,
        "Current": division.code == current,
        "Customer": None,
    }
    return Plain(division.code, division.fields | own)


def _country(row: Account) -> str | None:
    return None if row.country is None else row.country.ljust(3)
