"""Books that change from day to day: what a firm's export holds on a date, as layout `maan`.

Everything is worked out from the firm and a seed: the same date gives the same files.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from connector.testkit.firms import BUSINESSES, CITIES, FOREIGN, PERSONS, STREETS, SUPPLIERS, Firm

_CENT: Final = Decimal("0.01")
_SHOWN_AFTER_PAYMENT: Final = timedelta(days=35)
_COLUMNS: Final = (
    "party_ref", "party_name", "number", "issued", "due", "currency", "open", "total", "vat",
    "document", "description", "names_invoice", "paid_on", "sent_on", "sent_via", "basis",
)  # fmt: skip
_PARTY_COLUMNS: Final = (
    "party_ref", "party_name", "party_kind", "language", "email", "phone", "street", "postcode",
    "city", "country", "kvk",
)  # fmt: skip


INVOICE_PAGE: Final = """
#let d = json(bytes(sys.inputs.data))
#set document(title: "Factuur " + d.number)
#set page(paper: "a4", margin: 25mm)
#set text(lang: "nl", size: 10.5pt)
#align(right)[*#d.firm* \\ #d.street \\ #d.city \\ KvK #d.kvk]
#v(14mm)
#d.name \\ #d.to_street \\ #d.to_city
#v(14mm)
= Factuur #d.number
Factuurdatum #d.issued, te betalen uiterlijk #d.due
#v(4mm)
#table(columns: (1fr, auto), stroke: none, align: (left, right), inset: (x: 0pt, y: 5pt),
  table.hline(), d.line, d.total, [Waarvan btw], d.vat, table.hline(),
  [*Totaal*], [*#d.total*])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """A party of the demo."""

    ref: str
    name: str
    kind: str
    country: str
    currency: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    kvk: str
    habit: str  # prompt | forgetful | slow | in_parts | never


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice of the demo with the payments that will come, as (day, amount)."""

    party: Debtor
    number: str
    issued: date
    due: date
    total: Decimal
    vat: Decimal
    description: str
    payments: tuple[tuple[date, Decimal], ...]
    document: str = "invoice"
    names_invoice: str = ""

    def open_on(self, day: date) -> Decimal:
        """Return what is open at the start of the day."""
        return self.total - sum((amount for on, amount in self.payments if on < day), Decimal(0))

    def paid_on(self, day: date) -> date | None:
        """Return the day of the last payment before the day."""
        return max((on for on, _ in self.payments if on < day), default=None)


class Books:
    """The books of one firm; a person may change what will happen."""

    def __init__(self, firm: Firm, first_day: date, last_day: date, *, seed: int = 1) -> None:
        """Invent everything that happens between two months before the first day and the last."""
        self.firm = firm
        self._chance = random.Random(f"{firm.id}:{seed}")  # noqa: S311  # invention, no secret
        self.debtors = list(self._invent_debtors())
        self.invoices = self._invent_invoices(first_day, last_day)
        self.payables = self._invent_payables(first_day, last_day)

    def pay(self, number: str, on: date, amount: Decimal | None = None) -> None:
        """Let an invoice be paid on the day, wholly or in part; what was to come does not."""
        for index, invoice in enumerate(self.invoices):
            if invoice.number == number:
                before = tuple((day, part) for day, part in invoice.payments if day < on)
                rest = invoice.total - sum((part for _, part in before), Decimal(0))
                payment = (on, rest if amount is None else amount)
                self.invoices[index] = replace(invoice, payments=(*before, payment))

    def credit(self, number: str, on: date, amount: Decimal) -> str:
        """Issue a credit note of this positive amount on an invoice, and return its number."""
        invoice = next(one for one in self.invoices if one.number == number)
        name = f"C{number}"
        self.invoices.append(
            replace(
                invoice,
                number=name,
                issued=on,
                due=on,
                total=-amount,
                vat=Decimal("0.00"),
                description=f"Creditnota op {number}",
                payments=(),
                document="credit",
                names_invoice=number,
            )
        )
        return name

    def write(self, folder: Path, day: date) -> None:
        """Write the export of the day: receivables, payables, parties."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = [_row(one, day) for one in self.invoices if _is_shown(one, day)]
        _write(folder / "receivables.csv", _COLUMNS, rows)
        owed = [_row(one, day) for one in self.payables if _is_shown(one, day)]
        _write(folder / "payables.csv", _COLUMNS, owed)
        _write(folder / "parties.csv", _PARTY_COLUMNS, [_party(one) for one in self.debtors])

    def invoice_pages(self, day: date) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield number and data of every invoice issued until the day, for INVOICE_PAGE."""
        for one in self.invoices:
            if one.issued <= day and one.document == "invoice":
                yield one.number, {
                    "firm": self.firm.name, "street": self.firm.street,
                    "city": f"{self.firm.postcode} {self.firm.city}", "kvk": self.firm.kvk,
                    "name": one.party.name, "to_street": one.party.street,
                    "to_city": f"{one.party.postcode} {one.party.city}", "number": one.number,
                    "issued": one.issued.strftime("%d-%m-%Y"), "due": one.due.strftime("%d-%m-%Y"),
                    "line": one.description, "vat": f"{one.vat:.2f}".replace(".", ","),
                    "total": f"{one.party.currency} {one.total:.2f}".replace(".", ","),
                }  # fmt: skip

    def _invent_debtors(self) -> Iterator[Debtor]:
        consumers, businesses, foreign = self.firm.share
        names = [(name, "consumer", "NL", "EUR") for name in PERSONS[:consumers]]
        start = len(self.firm.id) % 3
        chosen = BUSINESSES[start : start + businesses]
        names += [(f"{name} {form}".strip(), "", "NL", "EUR") for name, form in chosen]
        names += [
            (f"{name} {form}", "", land, money) for name, form, land, money in FOREIGN[:foreign]
        ]
        for index, (name, kind, country, currency) in enumerate(names):
            yield self._invent_debtor(index, name, kind=kind, country=country, currency=currency)

    def _invent_debtor(
        self, index: int, name: str, *, kind: str, country: str, currency: str
    ) -> Debtor:
        chance = self._chance
        city, digits = chance.choice(CITIES)
        letters = "".join(chance.choice("ABCDEGHJKLMNPRSTVWXZ") for _ in range(2))
        has_email = chance.random() < 0.86
        handle = "".join(c for c in name.casefold() if "a" <= c <= "z") or "post"
        habit = chance.choices(
            ("prompt", "forgetful", "slow", "in_parts", "never"), (30, 32, 20, 8, 10)
        )[0]
        return Debtor(
            ref=f"{10001 + index}",
            name=name,
            kind=kind,
            country=country,
            currency=currency,
            email=f"administratie@{handle}.example" if has_email else "",
            phone=f"06-5550{index:04d}",
            street=f"{chance.choice(STREETS)} {chance.randint(1, 190)}",
            postcode=f"{digits} {letters}" if country == "NL" else f"{chance.randint(1000, 9999)}",
            city=city,
            kvk="" if kind == "consumer" or country != "NL" else f"0000{1000 + index}",
            habit=habit,
        )

    def _invent_invoices(self, first: date, last: date) -> list[Invoice]:
        chance, made = self._chance, []
        span = (last - first).days + 62 - 8
        for index in range(self.firm.invoices):
            issued = first - timedelta(days=62) + timedelta(days=index * span // self.firm.invoices)
            party = chance.choice(self.debtors)
            total = self._amount(chance.randint(*self.firm.amounts))
            term = 14 if party.kind == "consumer" else 30
            made.append(
                self._invoice(party, f"2026-{index + 101:04d}", issued, total=total, term=term)
            )
        return made

    def _invoice(
        self, party: Debtor, number: str, issued: date, *, total: Decimal, term: int
    ) -> Invoice:
        due = issued + timedelta(days=term)
        rate = self.firm.vat_rate
        return Invoice(
            party=party,
            number=number,
            issued=issued,
            due=due,
            total=total,
            vat=(total * rate / (1 + rate)).quantize(_CENT, ROUND_HALF_UP),
            description=f"Levering {issued:%m-%Y}",
            payments=self._payments(party.habit, due, total),
        )

    def _payments(self, habit: str, due: date, total: Decimal) -> tuple[tuple[date, Decimal], ...]:
        def later(least: int, most: int) -> date:
            return due + timedelta(days=self._chance.randint(least, most))

        half = (total / 2).quantize(_CENT, ROUND_HALF_UP)
        match habit:
            case "prompt":
                return ((later(-9, 0), total),)
            case "forgetful":
                return ((later(6, 16), total),)
            case "slow":
                return ((later(22, 44), total),)
            case "in_parts":
                return ((later(8, 14), half), (later(28, 46), total - half))
            case _:
                return ()

    def _invent_payables(self, first: date, last: date) -> list[Invoice]:
        chance, made = self._chance, []
        span = (last - first).days + 30
        for index in range(self.firm.payables):
            issued = first - timedelta(days=40) + timedelta(days=index * span // self.firm.payables)
            name = chance.choice(SUPPLIERS)
            party = self._supplier(name)
            total = self._amount(chance.randint(60, 2600))
            invoice = self._invoice(party, f"F-{88100 + index * 7}", issued, total=total, term=30)
            made.append(replace(invoice, payments=((invoice.due - timedelta(days=2), total),)))
        return made

    def _supplier(self, name: str) -> Debtor:
        index = SUPPLIERS.index(name)
        return Debtor(
            ref=f"{20001 + index}", name=name, kind="", country="NL", currency="EUR", email="",
            phone="", street="Industrieweg 1", postcode="1000 AA", city="Nergenshuizen",
            kvk=f"0000{2000 + index}", habit="prompt",
        )  # fmt: skip

    def _amount(self, whole: int) -> Decimal:
        return Decimal(whole) + Decimal(self._chance.choice((0, 25, 50, 95))) / 100


def _is_shown(invoice: Invoice, day: date) -> bool:
    """Whether the export holds it: issued, and open or paid not long ago."""
    if invoice.issued > day:
        return False
    paid = invoice.paid_on(day)
    return bool(invoice.open_on(day)) or (paid is not None and day - paid <= _SHOWN_AFTER_PAYMENT)


def _row(invoice: Invoice, day: date) -> Mapping[str, str]:
    paid = invoice.paid_on(day)
    sent = "email" if invoice.party.email else "post"
    return {
        "party_ref": invoice.party.ref,
        "party_name": invoice.party.name,
        "number": invoice.number,
        "issued": invoice.issued.isoformat(),
        "due": invoice.due.isoformat(),
        "currency": invoice.party.currency,
        "open": f"{invoice.open_on(day):.2f}",
        "total": f"{invoice.total:.2f}",
        "vat": f"{invoice.vat:.2f}",
        "document": invoice.document,
        "description": invoice.description,
        "names_invoice": invoice.names_invoice,
        "paid_on": paid.isoformat() if paid else "",
        "sent_on": invoice.issued.isoformat(),
        "sent_via": sent,
        "basis": "sale",
    }


def language_of(debtor: Debtor) -> str:
    """Return the language that the debtor is written to in."""
    return "nl" if debtor.country in ("NL", "BE") else "en"


def _party(debtor: Debtor) -> Mapping[str, str]:
    return {
        "party_ref": debtor.ref,
        "party_name": debtor.name,
        "party_kind": debtor.kind,
        "language": language_of(debtor),
        "email": debtor.email,
        "phone": debtor.phone,
        "street": debtor.street,
        "postcode": debtor.postcode,
        "city": debtor.city,
        "country": debtor.country,
        "kvk": debtor.kvk,
    }


def _write(file: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
