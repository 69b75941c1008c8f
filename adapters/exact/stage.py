"""The simulator on stage: books in the words of the house become entries in Exact Online."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from adapters.exact.simulator import Simulator
from connector.port.records import Document, Ledger, PartyRecord
from connector.port.stage import Shown
from connector.port.tools import Clock

_SECRET_FILE: Final = "data/exact.secret"  # noqa: S105  # where a secret stands, not one


@dataclass(slots=True)
class _Known:
    """A document that is in the package, and how many of its payments are."""

    entry: str
    paid: int = 0


@dataclass(slots=True)
class ExactStage:
    """One division of the simulator, whose books follow what is shown."""

    clock: Clock
    simulator: Simulator = field(init=False)
    _accounts: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[Ledger, str], _Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.simulator = Simulator(clock=self.clock)

    @property
    def source(self) -> Mapping[str, object]:
        """What stands under `source`."""
        return {
            "adapter": "exact",
            "division": self.simulator.division,
            "client_id": self.simulator.client_id,
            "client_secret": f"file:{_SECRET_FILE}",
            "base_url": self.simulator.url,
            "number": "your_ref",
            "task": True,
        }

    @property
    def files(self) -> Mapping[str, str]:
        """The secret of the app."""
        return {_SECRET_FILE: self.simulator.client_secret}

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
                self.simulator.pay(known.entry, amount.amount, on)
            known.paid = len(due)

    def consent(self, url: str) -> str:
        """Say yes in the browser."""
        return self.simulator.approve(url)["code"]

    def close(self) -> None:
        """Stop the simulator."""
        self.simulator.close()

    def _add(self, shown: Shown) -> str:
        named = self._known.get((shown.ledger, shown.names_invoice or ""))
        if shown.document is Document.CREDIT and named is not None:
            return self.simulator.credit(named.entry, -shown.total.amount)
        fields: dict[str, Any] = {
            "issued": shown.issued,
            "due": shown.due,
            "currency": shown.total.currency,
            "your_ref": shown.number,
            "description": shown.description,
        }
        account, total = self._account(shown.party), shown.total.amount
        if shown.ledger is Ledger.PAYABLE:
            return self.simulator.add_purchase(account, total, **fields)
        return self.simulator.add_invoice(account, total, **fields)

    def _account(self, party: PartyRecord) -> str:
        if party.ref not in self._accounts:
            self._accounts[party.ref] = self.simulator.add_account(
                party.name or party.ref,
                code=party.ref,
                email=party.email or "",
                kvk=party.kvk or "",
                country=party.country or "NL",
                language=(party.language or "nl").upper(),
                AddressLine1=party.street,
                Postcode=party.postcode,
                City=party.city,
                Phone=party.phone,
            )
        return self._accounts[party.ref]
