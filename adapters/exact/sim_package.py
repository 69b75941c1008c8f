"""The simulated package as its people use it: what they book, and what happens to it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from adapters.exact import sim_acts, sim_seed
from adapters.exact.sim_faults import Faults
from adapters.exact.sim_hooks import Hooks
from adapters.exact.sim_relations import Relations
from adapters.exact.sim_seed import Draft
from adapters.exact.sim_world import (
    MATCHED,
    OPEN,
    PAYABLE,
    SORTS,
    Amount,
    Entry,
    World,
    as_date,
    cents,
    days,
    guid,
    number_of,
)

_CENTS = Decimal(100)


class Package(Relations):
    """Entries of the package. Identifiers are guids, as on the wire."""

    def __init__(self, world: World, hooks: Hooks, lock: threading.RLock) -> None:
        super().__init__(world, hooks, lock)
        self._faults = Faults()

    def add_invoice(
        self,
        account: str | None = None,
        total: Amount = "121.00",
        *,
        contact: str | None = None,
        division: int | None = None,
        **fields: Any,  # noqa: ANN401  # those of Draft
    ) -> str:
        """Book a sales invoice and return its TransactionEntryID; fields are those of `Draft`."""
        return self._book(20, account, division, {"total": total, "contact": contact, **fields})

    def add_purchase(
        self,
        account: str | None = None,
        total: Amount = "121.00",
        *,
        division: int | None = None,
        **fields: Any,  # noqa: ANN401  # those of Draft
    ) -> str:
        """Book a purchase invoice and return its TransactionEntryID."""
        return self._book(30, account, division, {"total": total, **fields})

    def _book(
        self,
        kind: int,
        account: str | None,
        division: int | None,
        fields: dict[str, Any],
    ) -> str:
        with self._lock:
            if account is None:
                account = self.add_account(division=division, IsSupplier=kind == 30)
            if fields.get("contact") is not None:
                fields["contact"] = self._contact(fields["contact"])
            entry = sim_seed.add_entry(self._world, self._account(account), kind, Draft(**fields))
            sim_acts.tell(self._hooks, entry, "Create")
            return _key(entry)

    def credit(self, entry: str, amount: Amount | None = None) -> str:
        """Book an open credit note for the same relation; no amount: of the whole invoice."""
        with self._lock:
            booked = self._entry(entry)
            return _key(self._against(booked, booked.total if amount is None else cents(amount)))

    def _against(self, booked: Entry, amount: int) -> Entry:
        today = self._world.today()
        draft = Draft(
            total=amount / _CENTS,
            issued=as_date(today),
            due=as_date(today),
            currency=booked.currency,
            rate=booked.rate,
            your_ref=booked.your_ref,
        )
        kind = 31 if booked.line == PAYABLE else 21
        return sim_seed.add_entry(self._world, booked.account, kind, draft)

    def receipt(
        self,
        account: str,
        amount: Amount,
        *,
        on: date | str | None = None,
        your_ref: str | None = None,
    ) -> str:
        """Book money that is not matched with an invoice yet."""
        with self._lock:
            day = on or as_date(self._world.today())
            draft = Draft(total=amount, issued=day, due=day, your_ref=your_ref)
            return _key(sim_seed.add_entry(self._world, self._account(account), 40, draft))

    def match(self, receipt: str, entry: str) -> None:
        """Set a receipt or credit note off against an entry, as far as both go."""
        with self._lock:
            first, second = self._entry(receipt), self._entry(entry)
            amount = min(sim_acts.open_cents(first), sim_acts.open_cents(second))
            self._settle(first, amount, by_money=first.kind == 40)
            self._settle(second, amount, by_money=first.kind == 40)

    def pay(self, entry: str, amount: Amount | None = None, on: date | None = None) -> None:
        """Match money with an entry, the oldest term first; a part splits a term."""
        with self._lock:
            booked = self._entry(entry)
            part = None if amount is None else cents(amount)
            self._settle(booked, part, by_money=True, on=on)

    def postpone(self, entry: str, due: date | str) -> None:
        """Let what is still open fall due on another day; the terms stay what they are."""
        with self._lock:
            for term in sim_acts.still_open(self._entry(entry)):
                term.due = days(due)
                sim_acts.touch(self._world, term)

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Give no new timestamps meanwhile: the lists of changes lag behind the books."""
        self._world.is_quiet = True
        try:
            yield
        finally:
            self._world.is_quiet = False

    def settle_by_credit(self, entry: str) -> str:
        """Credit all that is open and match the two; no money is received."""
        with self._lock:
            booked = self._entry(entry)
            amount = sim_acts.open_cents(booked)
            note = self._against(booked, amount)
            self._settle(note, None, by_money=False)
            self._settle(booked, amount, by_money=False)
            return _key(note)

    def write_off(self, entry: str, amount: Amount | None = None) -> None:
        """Settle without money."""
        with self._lock:
            part = None if amount is None else cents(amount)
            self._settle(self._entry(entry), part, by_money=False)

    def _settle(
        self,
        entry: Entry,
        amount: int | None,
        *,
        by_money: bool,
        on: date | None = None,
    ) -> None:
        day = self._world.today() if on is None else days(on)
        sim_acts.settle(self._world, entry, amount, on=day, by_money=by_money)

    def unmatch(self, entry: str, *, receipt: bool = False) -> None:
        """Undo what settled the entry: it is open in whole, in new terms.

        Args:
            entry: Its guid.
            receipt: The money stays as a receipt that is not matched.
        """
        with self._lock:
            booked = self._entry(entry)
            paid = sum(term.amount for term in booked.terms if term.paid_on is not None)
            sim_acts.replace(self._world, booked, sim_acts.shares_of(booked))
            if receipt and paid:
                self.receipt(guid(SORTS["accounts"], booked.account.id), paid / _CENTS)

    def edit_entry(
        self,
        entry: str,
        *,
        total: Amount | None = None,
        due: date | str | None = None,
        terms: Sequence[tuple[date | str, Amount]] | None = None,
        account: str | None = None,
        your_ref: str | None = None,
    ) -> None:
        """Edit an entry: every term is deleted and made anew; the entry's own ids stay."""
        with self._lock:
            booked = self._entry(entry)
            if account is not None:
                booked.account = self._account(account)
            if your_ref is not None:
                booked.your_ref = your_ref
            if (total, due, terms) == (None, None, None):
                sim_acts.regenerate(self._world, booked)
            else:
                self._reshape(booked, total, due, terms)
            sim_acts.tell(self._hooks, booked, "Update")

    def _reshape(
        self,
        booked: Entry,
        total: Amount | None,
        due: date | str | None,
        terms: Sequence[tuple[date | str, Amount]] | None,
    ) -> None:
        if terms is not None:
            shares = [(days(day), cents(part)) for day, part in terms]
        else:
            day = booked.due if due is None else days(due)
            shares = [(day, booked.total if total is None else cents(total))]
        booked.total = sum(part for _, part in shares)
        booked.total_dc = sim_acts.in_books(booked.total, booked.rate)
        booked.due = shares[0][0]
        sim_acts.replace(self._world, booked, shares)

    def delete_entry(self, entry: str) -> None:
        """Delete an entry and its terms."""
        with self._lock:
            booked = self._entry(entry)
            for term in list(booked.terms):
                sim_acts.remove(self._world, term)
            del sim_acts.division_of(booked).entries[booked.id]
            sim_acts.tell(self._hooks, booked, "Delete")

    def select_for_collection(self, entry: str, status: int = 30) -> None:
        """Put open terms into a direct debit: 30 selected, 40 sent, 20 not any more."""
        with self._lock:
            booked = self._entry(entry)
            booked.method = "B" if status == OPEN else "I"
            for term in sim_acts.still_open(booked):
                term.status = status
                sim_acts.touch(self._world, term)

    def touch(self, record: str) -> None:
        """Give an entry's terms, or a relation or person, a new timestamp."""
        with self._lock:
            for division in self._world.divisions.values():
                number = number_of(record)
                if number in division.accounts:
                    self._world.stamp(division, "accounts", division.accounts[number])
                if number in division.contacts:
                    self._world.stamp(division, "contacts", division.contacts[number])
                if number in division.entries:
                    for term in division.entries[number].terms:
                        sim_acts.touch(self._world, term)

    def change_term(self, term: str, **fields: object) -> None:
        """Show other fields of the wire on a term, sound or not."""
        with self._lock:
            for division in self._world.divisions.values():
                kept = division.terms.get(number_of(term))
                if kept is not None:
                    kept.fields = (kept.fields or {}) | fields
                    sim_acts.touch(self._world, kept)

    def fill(
        self,
        terms: int = 100_000,
        accounts: int = 20_000,
        *,
        contacts: int = 0,
        division: int | None = None,
    ) -> None:
        """Add many open invoices of one term, spread over many relations."""
        with self._lock:
            where = self._division(division)
            sim_seed.fill(self._world, where, terms=terms, relations=accounts, people=contacts)

    def open_amount(self, entry: str) -> Decimal:
        """Return what is open, in the currency of the invoice and without a sign."""
        with self._lock:
            return sim_acts.open_cents(self._entry(entry)) / _CENTS

    def term_ids(self, entry: str, *, open_only: bool = False) -> list[str]:
        """Return the IDs of an entry's terms."""
        with self._lock:
            return [
                guid(SORTS["terms"], term.id)
                for term in self._entry(entry).terms
                if not open_only or term.status != MATCHED
            ]

    def _entry(self, entry: str) -> Entry:
        number = number_of(entry)
        for division in self._world.divisions.values():
            if number in division.entries:
                return division.entries[number]
        raise KeyError(entry)


def _key(entry: Entry) -> str:
    return guid(SORTS["entries"], entry.id)
