"""The simulated package as its people use it: what they add, and what happens in it."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.moneybird import sim_acts, sim_hooks, sim_items, sim_remind, sim_render, sim_seed
from adapters.moneybird.sim_faults import Faults
from adapters.moneybird.sim_world import (
    Amount,
    Bill,
    Book,
    Contact,
    Kind,
    SentReminder,
    Workflow,
    World,
    cents,
)
from connector.port.tools import Clock

_MOST_TRIES = 11


class Package:
    """State of the package. Ids are numbers here and text on the wire.

    Whatever changes a record makes its version the clock's second: two changes within one second
    share a version, as in the real package.

    Attributes:
        administration: The one that is there from the start, and meant where none is named.
        workflow: Its default workflow, which sends nothing by itself.
        reminders: Every reminder that the package sent or recorded.
        bouncing: Addresses at which reminders bounce.
    """

    def __init__(self, clock: Clock) -> None:
        self._lock = threading.RLock()
        self._world = World(clock)
        self._faults = Faults()
        self.administration = sim_seed.add_administration(self._world, {}).id
        self.workflow = next(iter(self._world.books[self.administration].workflows))

    @property
    def reminders(self) -> list[SentReminder]:
        """Every reminder that was sent or recorded, in order."""
        return self._world.reminders

    @property
    def bouncing(self) -> set[str]:
        """E-mail addresses at which reminders bounce."""
        return self._world.bouncing

    def add_administration(self, **fields: object) -> int:
        """Add an administration; fields are those of the wire."""
        with self._lock:
            return sim_seed.add_administration(self._world, fields).id

    def add_contact(self, *, administration: int | None = None, **fields: object) -> int:
        """Add a contact; fields are those of the wire."""
        with self._lock:
            return sim_seed.add_contact(self._world, self._book(administration), fields).id

    def add_workflow(
        self,
        *,
        name: str = "Standaard",
        auto_send: bool = False,
        collection_method: str | None = None,
        steps: tuple[int, ...] = (14, 10, 5, 5),
        administration: int | None = None,
        **fields: object,
    ) -> int:
        """Add a workflow; steps are days, the first that of the invoice itself."""
        with self._lock:
            record = Workflow(
                id=0,
                created=self._world.second(),
                name=name,
                auto_send=auto_send,
                collection_method=collection_method,
                steps=steps,
                is_default=False,
                fields=fields,
            )
            return sim_seed.add_workflow(self._world, self._book(administration), record)

    def add_invoice(self, *, administration: int | None = None, **fields: object) -> int:
        """Add a sales invoice; see `sim_seed` for its own fields, others are those of the wire."""
        return self._add(Kind.SALES, administration, fields)

    def add_external(self, *, administration: int | None = None, **fields: object) -> int:
        """Add a sales invoice that was made outside the package."""
        return self._add(Kind.EXTERNAL, administration, fields)

    def add_purchase(self, *, administration: int | None = None, **fields: object) -> int:
        """Add a purchase invoice."""
        return self._add(Kind.PURCHASE, administration, fields)

    def add_receipt(self, *, administration: int | None = None, **fields: object) -> int:
        """Add a receipt."""
        return self._add(Kind.RECEIPT, administration, fields)

    def _add(self, kind: Kind, administration: int | None, fields: dict[str, object]) -> int:
        with self._lock:
            return sim_seed.add_bill(self._world, self._book(administration), kind, fields).id

    def fill(
        self,
        invoices: int = 100_000,
        *,
        per_debtor: int = 5,
        external: int = 0,
        purchase: int = 0,
        administration: int | None = None,
    ) -> None:
        """Add many unpaid items quickly."""
        with self._lock:
            book = self._book(administration)
            counts = {Kind.SALES: invoices, Kind.EXTERNAL: external, Kind.PURCHASE: purchase}
            for kind, count in counts.items():
                sim_seed.fill(self._world, book, kind, count, per_debtor=per_debtor)

    def pay(self, item: int, amount: Amount | None = None, on: date | None = None) -> int:
        """Register a payment (None: all that is open, today) and return its id.

        The amount counts in the direction of the total: 50 on a credit invoice pays 50 out.
        """
        with self._lock:
            paid = None if amount is None else cents(amount)
            return sim_acts.pay(
                self._world,
                self._bill(item),
                paid,
                on or self._world.today(),
            )

    def reverse_payment(self, item: int, payment: int | None = None) -> None:
        """Take a payment away, the last one when none is named."""
        with self._lock:
            sim_acts.reverse_payment(self._world, self._bill(item), payment)

    def credit(self, invoice: int, amount: Amount | None = None, *, settle: bool = True) -> int:
        """Make a credit invoice (None: of the whole), settle both if asked, and return its id."""
        with self._lock:
            credited = None if amount is None else cents(amount)
            return sim_acts.credit(self._world, self._bill(invoice), credited, settle=settle).id

    def touch(self, item: int) -> None:
        """Give an item or a contact a new version, with nothing changed."""
        with self._lock:
            sim_acts.touch(self._world, self._record(item))

    def change(self, item: int, **fields: object) -> None:
        """Change fields of an item or a contact, named as when it was added."""
        with self._lock:
            record = self._record(item)
            if isinstance(record, Contact):
                sim_seed.set_contact(record, fields)
                sim_acts.mark_contact(self._world, record, "changed")
            else:
                sim_seed.set_bill(record, fields)
                sim_acts.mark(self._world, record, "updated")

    def set_state(self, item: int, state: str) -> None:
        """Set the state, also one that the API does not document."""
        with self._lock:
            sim_acts.set_state(self._world, self._bill(item), state)

    def delete_invoice(self, item: int) -> None:
        """Remove an item of any kind for good."""
        with self._lock:
            sim_acts.delete(self._world, self._bill(item))

    def delete_contact(self, contact: int) -> None:
        """Remove a contact for good."""
        with self._lock:
            sim_acts.delete_contact(self._world, self._world.contacts[contact])

    def merge_contacts(self, gone: int, kept: int) -> None:
        """Move the items of one contact to another and remove it."""
        with self._lock:
            contacts = self._world.contacts
            sim_acts.merge_contacts(self._world, contacts[gone], contacts[kept])

    def archive_contact(self, contact: int, *, archived: bool = True) -> None:
        """Archive a contact, or bring it back."""
        with self._lock:
            sim_acts.archive(self._world, self._world.contacts[contact], archived=archived)

    def add_note(self, item: int, text: str, *, todo_type: str | None = None) -> int:
        """Write a note, or a to-do of the package itself, and return its id."""
        with self._lock:
            bill = self._bill(item)
            return sim_acts.add_note(self._world, bill, text, todo_type=todo_type).id

    def bounce(
        self,
        invoice: int,
        todo_type: str = "sales_invoice_reminder_sending_failed",
    ) -> None:
        """Let a mail about the invoice come back."""
        self.add_note(invoice, "", todo_type=todo_type)

    def send_to_payt(self, invoice: int) -> None:
        """Hand the invoice to the online collection that is linked with the package."""
        with self._lock:
            sim_acts.mark(self._world, self._bill(invoice), "send_to_payt")

    def pause(self, invoice: int) -> None:
        """Pause the invoice, as a person does in the package."""
        with self._lock:
            sim_acts.pause(self._world, self._bill(invoice), paused=True)

    def resume(self, invoice: int) -> None:
        """Let the invoice go on, as a person does in the package."""
        with self._lock:
            sim_acts.pause(self._world, self._bill(invoice), paused=False)

    def remind(self, invoice: int) -> None:
        """Send the package's own reminder of the invoice."""
        with self._lock:
            sim_remind.by_package(self._world, self._bill(invoice))

    def nightly(self) -> None:
        """Let a night pass: what is past due is late, and workflows send by themselves."""
        with self._lock:
            sim_remind.nightly(self._world)

    def look(self, item: int) -> dict[str, Any]:
        """Return an item or a contact as an answer would hold it now."""
        with self._lock:
            record = self._record(item)
            if isinstance(record, Contact):
                return sim_render.contact(record)
            return sim_items.item(record)

    def state(self, item: int) -> str:
        """Return the state of an item."""
        return self._bill(item).state

    def add_webhook(self, url: str, events: Iterable[str] = ()) -> dict[str, Any]:
        """Register a webhook without calling it, and return it with its secret."""
        with self._lock:
            book = self._book(None)
            made = sim_hooks.register(self._world, book, url, tuple(events))
            return sim_render.hook(made, secret=True)

    def deliver(self, *, tries: int = 1) -> int:
        """Push what is queued and return how many pushes were answered 200.

        What is not answered 200 stays queued with its key, up to eleven tries in all.

        Args:
            tries: How often it is tried now.
        """
        accepted = 0
        for _ in range(tries):
            with self._lock:
                waiting = list(self._world.pushes)
                self._world.pushes.clear()
            for one in waiting:
                with self._lock:
                    copies = 2 if self._faults.due_hook() else 1
                answers = [sim_hooks.push(one, self._world.second()) for _ in range(copies)]
                accepted += sum(answers)
                if not answers[-1] and one.tries + 1 < _MOST_TRIES:
                    with self._lock:
                        self._world.pushes.append(replace(one, tries=one.tries + 1))
        return accepted

    def _book(self, administration: int | None) -> Book:
        return self._world.books[administration or self.administration]

    def _bill(self, item: int) -> Bill:
        return self._world.bills[item]

    def _record(self, item: int) -> Bill | Contact:
        found = self._world.bills.get(item)
        return self._world.contacts[item] if found is None else found
