"""The simulator on stage: books in the words of the house become invoices in Moneybird."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from adapters.moneybird.simulator import Simulator
from connector.port.records import Document, Ledger, PartyRecord
from connector.port.stage import Shown
from connector.port.tools import Clock

_TOKEN_FILE: Final = "data/moneybird.token"  # noqa: S105  # where a token stands, not one


@dataclass(slots=True)
class _Known:
    """A document that is in the package, and how many of its payments are."""

    id: int
    paid: int = 0


@dataclass(slots=True)
class MoneybirdStage:
    """One administration of the simulator, whose books follow what is shown."""

    clock: Clock
    simulator: Simulator = field(init=False)
    _contacts: dict[str, int] = field(default_factory=dict)
    _known: dict[tuple[Ledger, str], _Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.simulator = Simulator(clock=self.clock)

    @property
    def source(self) -> Mapping[str, object]:
        """What stands under `source`."""
        return {
            "adapter": "moneybird",
            "administration": str(self.simulator.administration),
            "token": f"file:{_TOKEN_FILE}",
            "base_url": self.simulator.url,
        }

    @property
    def files(self) -> Mapping[str, str]:
        """The personal token."""
        return {_TOKEN_FILE: self.simulator.token}

    def show(self, books: Sequence[Shown], day: date) -> None:
        """Bring the books to the start of the day."""
        for shown in books:
            if shown.issued > day:
                continue
            key = shown.ledger, shown.number
            if key not in self._known:
                self._known[key] = _Known(self._add(shown))
            known = self._known[key]
            due = [part for part in shown.payments if part[0] < day]
            for on, amount in due[known.paid :]:
                self.simulator.pay(known.id, amount.amount, on)
            known.paid = len(due)
        self.simulator.nightly()

    def consent(self, url: str) -> str:
        """Say yes in the browser."""
        return self.simulator.approve(url)["code"]

    def close(self) -> None:
        """Stop the simulator."""
        self.simulator.close()

    def _add(self, shown: Shown) -> int:
        named = self._known.get((shown.ledger, shown.names_invoice or ""))
        if shown.document is Document.CREDIT and named is not None:
            return self.simulator.credit(named.id, -shown.total.amount, settle=False)
        fields: dict[str, Any] = {
            "contact": self._contact(shown.party),
            "number": shown.number,
            "issued": shown.issued,
            "due": shown.due,
            "total": shown.total.amount,
            "vat": shown.vat.amount,
            "currency": shown.total.currency,
        }
        if shown.ledger is Ledger.PAYABLE:
            return self.simulator.add_purchase(**fields)
        return self.simulator.add_invoice(**fields)

    def _contact(self, party: PartyRecord) -> int:
        if party.ref not in self._contacts:
            self._contacts[party.ref] = self.simulator.add_contact(**_contact_fields(party))
        return self._contacts[party.ref]


def _contact_fields(party: PartyRecord) -> dict[str, Any]:
    """Return the wire fields; a person has no company name."""
    name = party.name or party.ref
    first, _, last = name.rpartition(" ")
    fields = {
        "company_name": "" if party.kind == "consumer" else name,
        "firstname": first if party.kind == "consumer" else "",
        "lastname": last if party.kind == "consumer" else "",
        "address1": party.street,
        "zipcode": party.postcode,
        "city": party.city,
        "country": party.country,
        "phone": party.phone,
        "chamber_of_commerce": party.kvk,
        "send_invoices_to_email": party.email,
        "email": party.email,
        "customer_id": party.ref,
    }
    return {name: value or "" for name, value in fields.items()}
