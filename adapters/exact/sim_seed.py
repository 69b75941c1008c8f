"""How records of the simulated package are made: by hand with dull defaults, or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from adapters.exact import sim_acts, sim_catalogue
from adapters.exact.sim_tables import DIVISION_DEFAULTS, accounts, contacts
from adapters.exact.sim_world import (
    PAYABLE,
    RECEIVABLE,
    SORTS,
    Account,
    Amount,
    Contact,
    Division,
    Entry,
    Plain,
    World,
    cents,
    days,
    guid,
)

_FIRST_DIVISION = 1_320_000
_DEFAULT_DAYS = 30
_OVERDUE = 30
_ACCOUNT_FIELDS = frozenset(accounts())
_CONTACT_FIELDS = frozenset(contacts())
_OWN_OF_ACCOUNT = frozenset({"code", "name", "email", "kvk", "vat", "country", "language"})
_OWN_OF_CONTACT = frozenset({"name", "email", "business_email", "main", "language"})
_ONE = Decimal(1)

ON_RECEIPT = (20, 21, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an entry is made of; None: a dull default."""

    total: Amount
    terms: Sequence[tuple[date | str, Amount]] | None = None
    issued: date | str | None = None
    due: date | str | None = None
    currency: str | None = None
    rate: Amount | None = None
    your_ref: str | None = None
    invoice_number: int | None = None
    number: int | None = None
    method: str = "B"
    condition: str | None = None
    contact: Contact | None = None
    description: str | None = None
    approval: int | None = None


def add_division(world: World, fields: Mapping[str, Any]) -> Division:
    """Add a division; fields are those of system/Divisions."""
    _check(fields, frozenset(DIVISION_DEFAULTS))
    code = max(world.divisions, default=_FIRST_DIVISION) + 1
    world.divisions[code] = Division(code, {**DIVISION_DEFAULTS, **fields})
    return world.divisions[code]


def add_account(world: World, division: Division, fields: dict[str, Any]) -> Account:
    """Add a relation; what is no attribute of it is a field of the wire."""
    own = {name: fields.pop(name) for name in list(fields) if name in _OWN_OF_ACCOUNT}
    _check(fields, _ACCOUNT_FIELDS)
    number = world.new_id()
    division.last_code += 1
    code = own.pop("code", None) or division.last_code
    account = Account(
        id=number,
        division=division,
        code=str(code).rjust(18),
        name=own.pop("name", None) or f"Relatie {division.last_code}",
        created=world.wall(),
        fields=dict(fields) or None,
        **{"email": f"info@relatie{division.last_code}.example"} | own,
    )
    division.accounts[number] = account
    world.stamp(division, "accounts", account)
    return account


def add_contact(world: World, account: Account, fields: dict[str, Any]) -> Contact:
    """Add a person; the main one becomes that of the account."""
    own = {name: fields.pop(name) for name in list(fields) if name in _OWN_OF_CONTACT}
    _check(fields, _CONTACT_FIELDS)
    number = world.new_id()
    contact = Contact(
        id=number,
        account=account,
        created=world.wall(),
        fields=dict(fields) or None,
        **{"name": "Anna Jansen"} | own,
    )
    account.division.contacts[number] = contact
    world.stamp(account.division, "contacts", contact)
    if contact.main:
        main = {"MainContact": guid(SORTS["contacts"], number)}
        account.fields = (account.fields or {}) | main
        world.stamp(account.division, "accounts", account)
    return contact


def change(record: Account | Contact, fields: dict[str, Any]) -> None:
    """Change a relation or person; what is no attribute of it is a field of the wire."""
    is_account = isinstance(record, Account)
    own = _OWN_OF_ACCOUNT if is_account else _OWN_OF_CONTACT
    _check({name: fields[name] for name in fields if name not in own},
           _ACCOUNT_FIELDS if is_account else _CONTACT_FIELDS)  # fmt: skip
    for name, value in fields.items():
        if name in own:
            setattr(record, name, str(value).rjust(18) if name == "code" else value)
        else:
            record.fields = {**(record.fields or {}), name: value}


def add_condition(world: World, division: Division, values: dict[str, Any]) -> str:
    """Add a payment condition by its fields on the wire, and return its guid."""
    number = world.new_id()
    identifier = guid(SORTS["conditions"], number)
    own = {"ID": identifier, "Division": division.code}
    own |= {"Created": world.wall(), "Modified": world.wall()}
    division.table(sim_catalogue.CONDITIONS)[number] = Plain(number, values | own)
    return identifier


def add_entry(world: World, account: Account, kind: int, draft: Draft) -> Entry:
    """Book an entry; kind is its TransactionType: 20, 21, 30, 31 or 40."""
    division = account.division
    total, today = cents(draft.total), world.today()
    due = today - _OVERDUE if draft.due is None else days(draft.due)
    shares = [(days(day), cents(part)) for day, part in draft.terms or ()] or [(due, total)]
    if sum(part for _, part in shares) != total:
        raise ValueError("the terms are not the total")
    rate = Decimal(draft.rate) if draft.rate is not None else Decimal(1)
    number = world.new_id()
    division.last_number += 1
    booked = draft.number or division.last_number
    has_number = kind in {20, 21} and draft.invoice_number is None
    entry = Entry(
        id=number,
        account=account,
        kind=kind,
        side=1 if kind in {20, 30} else -1,
        line=RECEIVABLE if kind in ON_RECEIPT else PAYABLE,
        number=booked,
        total=total,
        total_dc=sim_acts.in_books(total, rate),
        currency=draft.currency or division.currency,
        rate=rate,
        issued=shares[0][0] - _DEFAULT_DAYS if draft.issued is None else days(draft.issued),
        due=shares[0][0],
        invoice_number=booked if has_number else draft.invoice_number,
        your_ref=draft.your_ref,
        description=draft.description,
        method=draft.method,
        condition=draft.condition,
        contact=draft.contact,
        approval=draft.approval,
    )
    division.entries[number] = entry
    sim_acts.spread(world, entry, shares)
    return entry


def fill(world: World, division: Division, *, terms: int, relations: int, people: int) -> None:
    """Add open invoices of one term, spread evenly over relations; quick and small."""
    made = [
        add_account(
            world,
            division,
            {"name": f"Bedrijf {number}", "email": f"factuur@bedrijf{number}.example",
             "kvk": f"{10_000_000 + number}"},
        )
        for number in range(relations)
    ]  # fmt: skip
    for number in range(people):
        add_contact(
            world, made[number % relations], {"business_email": f"p{number}@bedrijf.example"}
        )
    today = world.today()
    for number in range(terms):
        due = today - number % 90
        amount = 1000 + number * 7 % 500_000
        booked = division.last_number = division.last_number + 1
        entry = Entry(
            id=world.new_id(),
            account=made[number % relations],
            kind=20,
            side=1,
            line=RECEIVABLE,
            number=booked,
            total=amount,
            total_dc=amount,
            currency=division.currency,
            rate=_ONE,
            issued=due - _DEFAULT_DAYS,
            due=due,
            invoice_number=booked,
        )
        division.entries[entry.id] = entry
        sim_acts.spread(world, entry, ((due, amount),))


def _check(fields: Mapping[str, Any], known: frozenset[str]) -> None:
    foreign = sorted(set(fields) - known)
    if foreign:
        raise ValueError(f"no such field on the wire: {', '.join(foreign)}")
