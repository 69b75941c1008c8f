"""The resources that the simulated API has below a division."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from adapters.exact import sim_tables, sim_terms
from adapters.exact.sim_call import Resource
from adapters.exact.sim_filter import Filter
from adapters.exact.sim_world import (
    MATCHED,
    PAYABLE,
    RECEIVABLE,
    SORTS,
    Division,
    Plain,
    Term,
    World,
    guid,
    number_of,
)

DOCUMENTS: Final = "documents/Documents"
ATTACHMENTS: Final = "documents/DocumentAttachments"
TASKS: Final = "activities/Tasks"
NOTES: Final = "activities/CommunicationNotes"
SUBSCRIPTIONS: Final = "webhooks/WebhookSubscriptions"
CONDITIONS: Final = "cashflow/PaymentConditions"
ACCOUNTS: Final = "crm/Accounts"
TERMS: Final = "sync/Cashflow/PaymentTerms"

_NEW = frozenset({"GET", "POST"})
_ALL = frozenset({"GET", "POST", "PUT", "DELETE"})


def catalogue(world: World, current: Callable[[], int]) -> Mapping[str, Resource]:
    """Return the resources by their path."""
    made = [
        *_of_sync(world),
        *_of_terms(world),
        *_of_relations(),
        *_of_divisions(world, current),
        *_of_documents(),
        *_of_activities(),
    ]
    return {resource.path: resource for resource in made}


def me(world: World, division: Division) -> Plain:
    """Return the one row of current/Me."""
    return Plain(
        1,
        {
            "UserID": guid(SORTS["user"], 1),
            "CurrentDivision": division.code,
            "AccountingDivision": division.code,
            "UserName": "p.jansen",
            "FullName": "P. Jansen",
            "Email": "p.jansen@relatie.example",
            "LanguageCode": "nl-NL",
            "Legislation": "1",
            "ServerTime": f"{world.clock.now():%Y-%m-%dT%H:%M:%S}",
            "ServerUtcOffset": None,
        },
    )


def _of_sync(world: World) -> Iterable[Resource]:
    def stream(path: str, type_name: str, columns: Any, name: str) -> Resource:  # noqa: ANN401
        return Resource(
            path=path,
            type_name=type_name,
            columns=columns,
            rows=lambda division: division.streams.get(name, ()),
            stream=name,
            page=1000,
            key="Timestamp",
        )

    yield stream(TERMS, "Sync.PaymentTerm", sim_terms.payment_terms(world.ways), "terms")
    own = sim_tables.stamped
    yield stream("sync/CRM/Accounts", "Sync.Account", own(sim_tables.accounts()), "accounts")
    yield stream("sync/CRM/Contacts", "Sync.Contact", own(sim_tables.contacts()), "contacts")
    yield stream("sync/Deleted", "Sync.Deleted", sim_tables.DELETED, "deleted")


def _of_terms(world: World) -> Iterable[Resource]:
    for path, page in (("cashflow/Receivables", 60), ("bulk/Cashflow/Receivables", 1000)):
        yield Resource(
            path=path,
            type_name="Cashflow.Receivable",
            columns=sim_terms.receivables(world.ways),
            rows=lambda division: (
                term for term in division.terms.values() if term.entry.line == RECEIVABLE
            ),
            page=page,
            needs_select=True,
            find=lambda division, key: division.terms.get(number_of(key)),
            narrow=_of_entries,
            has_twin=True,
        )
    for name, line, columns in (
        ("Receivables", RECEIVABLE, sim_terms.outstanding),
        ("Payables", PAYABLE, sim_terms.payables),
    ):
        yield Resource(
            path=f"read/financial/{name}List",
            type_name=f"Financial.{name}List",
            columns=columns(world.ways),
            key="HID",
            rows=lambda division, line=line: outstanding(division, line),  # type: ignore[misc]  # bound here
            page=0,
        )
    yield Resource(
        path="read/financial/OutstandingInvoicesOverview",
        type_name="Financial.OutstandingInvoicesOverview",
        columns=sim_tables.OVERVIEW,
        key="CurrencyCode",
        rows=lambda division: overview(world, division),
    )


def outstanding(division: Division, line: int) -> Iterable[Term]:
    """Yield the open terms of one side."""
    for term in division.terms.values():
        if term.status != MATCHED and term.entry.line == line:
            yield term


def overview(world: World, division: Division) -> list[Plain]:
    """Return counts and sums of what is open, a row per currency."""
    today, ways, sums = world.today(), world.ways, dict[str, dict[str, int]]()
    for line, side in ((RECEIVABLE, "Receivable"), (PAYABLE, "Payable")):
        for term in outstanding(division, line):
            if term.entry.side < 0 and not ways.overview_nets:
                continue
            in_own = ways.overview_in_own_currency
            row = sums.setdefault(division.currency if in_own else term.entry.currency, {})
            sign = ways.overview_sign * (ways.payables_list_sign if line == PAYABLE else 1)
            amount = sign * term.entry.side * (term.amount_dc if in_own else term.amount)
            for state in ("Outstanding", "Overdue") if term.due < today else ("Outstanding",):
                head = f"{state}{side}Invoice"
                row[f"{head}Amount"] = row.get(f"{head}Amount", 0) + amount
                row[f"{head}Count"] = row.get(f"{head}Count", 0) + 1
    empty = dict.fromkeys(sim_tables.OVERVIEW, 0)
    return [
        Plain(place, {**empty, **row, "CurrencyCode": currency})
        for place, (currency, row) in enumerate(sorted(sums.items()), start=1)
    ]


def _of_entries(division: Division, asked: Filter) -> Iterable[Term] | None:
    """Return the terms of the transactions that a filter names."""
    named = asked.values("TransactionEntryID")
    if named is None:
        return None
    entries = (division.entries.get(number_of(key)) for key in named)
    terms = {term.id: term for entry in entries if entry for term in entry.terms}
    return [terms[number] for number in sorted(terms) if terms[number].entry.line == RECEIVABLE]


def _of_relations() -> Iterable[Resource]:
    columns = sim_tables.accounts()
    for path, page in ((ACCOUNTS, 60), ("bulk/CRM/Accounts", 1000)):
        yield Resource(
            path=path,
            type_name="CRM.Account",
            columns=columns,
            rows=lambda division: division.accounts.values(),
            page=page,
            needs_select=page == 1000,
            has_twin=True,
            find=lambda division, key: division.accounts.get(number_of(key)),
            narrow=lambda division, asked: _by_id(division.accounts, asked),
            methods=frozenset({"GET", "PUT"}) if path == ACCOUNTS else frozenset({"GET"}),
            writable=frozenset(columns) - {"ID", "Created", "Modified", "Division", "Type"},
        )
    yield Resource(
        path="crm/Contacts",
        type_name="CRM.Contact",
        columns=sim_tables.contacts(),
        rows=lambda division: division.contacts.values(),
        has_twin=True,
        find=lambda division, key: division.contacts.get(number_of(key)),
        narrow=lambda division, asked: _by_id(division.contacts, asked),
    )


def _by_id(rows: Mapping[int, Any], asked: Filter) -> Iterable[Any] | None:
    named = asked.values("ID")
    if named is None:
        return None
    return [rows[number] for number in sorted(map(number_of, set(named))) if number in rows]


def _of_divisions(world: World, current: Callable[[], int]) -> Iterable[Resource]:
    def rows(*, system: bool) -> list[Plain]:
        everything = sorted(world.divisions.values(), key=lambda one: one.code)
        return [
            sim_tables.division_row(one, system=system, current=current()) for one in everything
        ]

    for path, system in (("system/Divisions", True), ("hrm/Divisions", False)):
        yield Resource(
            path=path,
            type_name="System.Division" if system else "HRM.Division",
            columns=sim_tables.divisions(system=system),
            key="Code",
            rows=lambda _, system=system: rows(system=system),  # type: ignore[misc]  # bound here
        )


def _of_documents() -> Iterable[Resource]:
    read_only = {"ID", "Created", "Modified", "Division", "HID", "TypeDescription", "AccountName",
                 "DocumentViewUrl", "HasEmptyBody"}  # fmt: skip
    yield _table(
        DOCUMENTS,
        "Documents.Document",
        sim_tables.DOCUMENTS,
        methods=_ALL,
        writable=frozenset(sim_tables.DOCUMENTS) - read_only,
        required=("Subject", "Type"),
    )
    yield _table(
        ATTACHMENTS,
        "Documents.DocumentAttachment",
        sim_tables.ATTACHMENTS,
        methods=_NEW | {"DELETE"},
        writable=frozenset({"Document", "FileName", "Attachment"}),
        required=("Document", "FileName", "Attachment"),
    )
    types = [Plain(int(str(row["ID"])), dict(row)) for row in sim_tables.TYPES_OF_DOCUMENTS]
    yield Resource(
        path="documents/DocumentTypes",
        type_name="Documents.DocumentType",
        columns=sim_tables.DOCUMENT_TYPES,
        rows=lambda _: types,
    )
    yield _table(CONDITIONS, "Cashflow.PaymentCondition", sim_tables.CONDITIONS)


def _of_activities() -> Iterable[Resource]:
    read_only = {"ID", "Created", "Modified", "HID", "AccountName"}
    yield _table(
        TASKS,
        "Activities.Task",
        sim_tables.TASKS,
        methods=_NEW,
        writable=frozenset(sim_tables.TASKS) - read_only,
        required=("Description",),
    )
    yield _table(
        NOTES,
        "Activities.CommunicationNote",
        sim_tables.NOTES,
        methods=_NEW,
        writable=frozenset(sim_tables.NOTES) - read_only,
        required=("Subject",),
    )
    yield _table(
        SUBSCRIPTIONS,
        "Webhooks.WebhookSubscription",
        sim_tables.SUBSCRIPTIONS,
        methods=_NEW | {"DELETE"},
        writable=frozenset({"CallbackURL", "Topic", "Description", "IsInstant"}),
        required=("CallbackURL", "Topic"),
    )


def _table(path: str, type_name: str, columns: Any, **more: Any) -> Resource:  # noqa: ANN401
    return Resource(
        path=path,
        type_name=type_name,
        columns=columns,
        rows=lambda division: division.table(path).values(),
        find=lambda division, key: division.table(path).get(number_of(key)),
        **more,
    )
