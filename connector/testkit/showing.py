"""Invented books in the words of a stage."""

from decimal import Decimal

from connector.port.money import Money
from connector.port.records import Document, Ledger, PartyRecord, PartyRef
from connector.port.stage import Shown
from connector.testkit.books import Books, Invoice, language_of


def shown(books: Books) -> list[Shown]:
    """Return all documents, those to come too; credit notes after what they lower."""
    ours = sorted(books.invoices, key=lambda one: (one.issued, one.document, one.number))
    return [
        *(_shown(one, Ledger.RECEIVABLE) for one in ours),
        *(_shown(one, Ledger.PAYABLE) for one in books.payables),
    ]


def _shown(invoice: Invoice, ledger: Ledger) -> Shown:
    debtor = invoice.party

    def money(amount: Decimal) -> Money:
        return Money(amount, debtor.currency)

    return Shown(
        ledger=ledger,
        document=Document(invoice.document),
        number=invoice.number,
        party=PartyRecord(
            ref=PartyRef(debtor.ref), name=debtor.name, kind=debtor.kind or None,
            language=language_of(debtor), email=debtor.email or None, phone=debtor.phone or None,
            street=debtor.street, postcode=debtor.postcode, city=debtor.city,
            country=debtor.country, kvk=debtor.kvk or None,
        ),
        issued=invoice.issued,
        due=invoice.due,
        total=money(invoice.total),
        vat=money(invoice.vat),
        description=invoice.description,
        payments=tuple((on, money(amount)) for on, amount in invoice.payments),
        names_invoice=invoice.names_invoice or None,
    )  # fmt: skip
