"""Moneybird's simulator in the neutral words of the contract."""

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from adapters.moneybird import plugin
from adapters.moneybird.cursor import Cursor
from adapters.moneybird.simulator import Fault as SimFault
from adapters.moneybird.simulator import Simulator
from connector.port.adapter import Adapter, Pushes, PushOrder, PushVerb
from connector.port.records import ItemId
from connector.port.tools import Tools
from connector.testkit.mounts import Ability, Fault
from connector.testkit.tools import FakeTools

NAME: Final = "Bakkerij De Wit"
IBAN: Final = "NL91ABNA0417164300"
EMAIL: Final = "administratie@dewit.example"
AMOUNTS: Final = ("total_unpaid", "total_price_incl_tax")
ALWAYS: Final = 1_000_000
WRITES: Final = ("send_reminders", "/notes", "/pause", "/resume", "mark_as_dubious")
FAULTS: Final = {
    Fault.BAD_CREDENTIALS: SimFault.EXPIRE,
    Fault.RATE_LIMITED: SimFault.RATE_JSON,
    Fault.AWAY_503: SimFault.UNAVAILABLE,
    Fault.RESET_MIDBODY: SimFault.RESET,
    Fault.TIMEOUT: SimFault.DROP,  # like a timeout to the caller, and nobody has to wait
    Fault.HTML_200: SimFault.HTML,
    Fault.INVALID_JSON: SimFault.BAD_JSON,
    Fault.TRUNCATED: SimFault.TRUNCATED,
    Fault.SHORT_LIST: SimFault.SHORT_LIST,
    Fault.EMPTY_AFTER_ROWS: SimFault.EMPTY_LIST,
    Fault.TOKEN_EXPIRY: SimFault.EXPIRE,
    Fault.UNKNOWN_FIELD: SimFault.UNKNOWN_FIELDS,
    Fault.MISSING_FIELD: SimFault.MISSING_FIELDS,
    Fault.TYPE_CHANGE: SimFault.NULLS,
    Fault.WRITE_TIMEOUT_BEFORE: SimFault.DROP,
    Fault.WRITE_TIMEOUT_AFTER: SimFault.DROP_AFTER,
}


class MoneybirdMount:
    """An administration with one debtor, read with tokens of a consent."""

    abilities = frozenset(Ability)
    faults = frozenset(Fault)
    page_rows = 100
    rows_again = 0
    idle_requests = 5
    verbs = (
        PushVerb.REMIND,
        PushVerb.RECORD_MESSAGE,
        PushVerb.RECORD_HANDOVER,
        PushVerb.PAUSE,
        PushVerb.RESUME,
    )

    def __init__(self, shown: Mapping[Fault, SimFault] | None = None) -> None:
        """Start the simulator; `shown` says in which other form it shows a fault."""
        self._shown = {**FAULTS, **(shown or {})}
        self.tools = FakeTools()
        self.sim = Simulator(clock=self.tools.clock)
        self.tools.secrets = {"env:MONEYBIRD_SECRET": self.sim.client_secret}
        self._connect()
        self._is_cut_off = False
        self._debtor = self.sim.add_contact(
            company_name=NAME, email=EMAIL, sepa_iban=IBAN, tax_number="NL000099998B57"
        )

    def vault(self, kind: str) -> str:
        return f"moneybird:{urlsplit(self.sim.url).netloc}:default:{kind}"

    @property
    def confidential(self) -> Sequence[str]:
        tokens = json.loads(self.tools.vault.kept[self.vault("oauth")])
        return [
            NAME, IBAN, EMAIL, self.sim.client_secret,
            tokens["access_token"], tokens["refresh_token"],
        ]  # fmt: skip

    def adapter(self, tools: Tools) -> Adapter:
        settings = plugin.settings.model_validate(
            {
                "administration": str(self.sim.administration),
                "base_url": self.sim.url,
                "client_id": self.sim.client_id,
                "client_secret": "env:MONEYBIRD_SECRET",
            }
        )
        return plugin.make(settings, tools)

    def add_invoice(self, amount: Decimal, *, currency: str = "EUR") -> ItemId:
        number = self.sim.add_invoice(contact=self._debtor, total=amount, currency=currency)
        return ItemId(f"R/{number}")

    def add_payable(self, amount: Decimal) -> ItemId:
        return ItemId(f"P/{self.sim.add_purchase(total=amount)}")

    def pay(self, item: ItemId, amount: Decimal) -> None:
        self.sim.pay(_number(item), amount)

    def reverse(self, item: ItemId) -> None:
        self.sim.reverse_payment(_number(item))

    def credit(self, item: ItemId, amount: Decimal) -> ItemId:
        return ItemId(f"R/{self.sim.credit(_number(item), amount, settle=False)}")

    def delete(self, item: ItemId) -> None:
        self.sim.delete_invoice(_number(item))

    def move(self, item: ItemId) -> None:
        self.sim.touch(_number(item))

    def break_row(self, item: ItemId) -> None:
        self.sim.change(_number(item), **dict.fromkeys(AMOUNTS, "zeven"))

    def odd_cursors(self, cursor: str) -> Sequence[str]:
        head = json.loads(cursor)
        odd = [
            {**head, "administration": "1"},
            {**head, "v": 99},
            {**head, "known": {}},
            {**head, "workflows_on": "later"},
        ]
        return [*(json.dumps(one) for one in odd), self._far_ahead(cursor)]

    def fault(self, kind: Fault, *, after: int = 0, times: int | None = 1) -> None:
        self.sim.clear_faults()
        many, shown = ALWAYS if times is None else times, self._shown[kind]
        if kind in {Fault.WRITE_TIMEOUT_BEFORE, Fault.WRITE_TIMEOUT_AFTER}:
            for part in WRITES:
                self.sim.fault(shown, match=part, times=many)
            return
        if kind is Fault.BAD_CREDENTIALS:
            self._is_cut_off = True
            self.sim.revoke(json.loads(self.tools.vault.kept[self.vault("oauth")])["refresh_token"])
            many = 1
        fields = AMOUNTS if kind in {Fault.MISSING_FIELD, Fault.TYPE_CHANGE} else ()
        self.sim.fault(shown, match="/api/", nth=after + 1, times=many, fields=fields)

    def heal(self) -> None:
        self.sim.clear_faults()
        if self._is_cut_off:
            self._connect()
            self._is_cut_off = False

    def requests(self) -> int:
        return self.sim.count("/api/")

    def renewals(self) -> int:
        return self.sim.token_requests

    def order(self, verb: PushVerb, item: ItemId, key: str) -> PushOrder:
        on = self.tools.clock.now().date()
        order = PushOrder(key=key, verb=verb, items=(item,), on=on, text="Graag betalen")
        if verb is PushVerb.RESUME:  # only what maan paused is set going again
            adapter = self.adapter(self.tools)
            assert isinstance(adapter, Pushes)
            adapter.push(replace(order, key=f"{key}-before", verb=PushVerb.PAUSE))
            adapter.close()
        return order

    def effects(self, verb: PushVerb, item: ItemId) -> int:
        invoice = self.sim.look(_number(item))
        match verb:
            case PushVerb.REMIND:
                return sum(_number(item) in one.invoices for one in self.sim.reminders)
            case PushVerb.PAUSE:
                return int(invoice["paused"])
            case PushVerb.RESUME:
                return int(not invoice["paused"])
            case _:
                return sum("[maan " in (note["note"] or "") for note in invoice["notes"])

    def close(self) -> None:
        self.sim.close()

    def _connect(self) -> None:
        self.tools.vault.write(self.vault("oauth"), json.dumps(self.sim.issue_oauth()))

    def _far_ahead(self, cursor: str) -> str:
        """Return a cursor that knows versions which no record has yet."""
        known = Cursor.read(cursor, str(self.sim.administration))
        assert known is not None
        for ledger in known.known.values():
            table = ledger.base
            table.versions = array("q", (version + 10**9 for version in table.versions))
            ledger.replace(table)
        return known.write()


class ExternalMount(MoneybirdMount):
    """Invoices that were made elsewhere, and receipts in place of purchase invoices."""

    abilities = frozenset(Ability) - {Ability.CREDIT_NOTES, Ability.PUSHES}

    def add_invoice(self, amount: Decimal, *, currency: str = "EUR") -> ItemId:
        number = self.sim.add_external(contact=self._debtor, total=amount, currency=currency)
        return ItemId(f"X/{number}")

    def add_payable(self, amount: Decimal) -> ItemId:
        return ItemId(f"Q/{self.sim.add_receipt(total=amount)}")


class TokenMount(MoneybirdMount):
    """Read with a token that a person made, and that can't be renewed."""

    abilities = frozenset(Ability) - {Ability.TOKENS}

    @property
    def confidential(self) -> Sequence[str]:
        return [NAME, IBAN, EMAIL, self.sim.token]

    def fault(self, kind: Fault, *, after: int = 0, times: int | None = 1) -> None:
        if kind is Fault.BAD_CREDENTIALS:
            self.sim.revoke(self.sim.token)
        else:
            super().fault(kind, after=after, times=times)

    def _connect(self) -> None:
        self.tools.vault.write(self.vault("token"), self.sim.token)


def _number(item: ItemId) -> int:
    return int(item.partition("/")[2])
