"""Exact's simulator in the neutral words of the contract."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from adapters.exact import plugin
from adapters.exact.cursor import Cursor
from adapters.exact.marks import is_marked
from adapters.exact.simulator import Fault as SimFault
from adapters.exact.simulator import Simulator, Ways
from connector.port.adapter import Adapter, PushOrder, PushVerb
from connector.port.records import ItemId
from connector.port.tools import Tools
from connector.testkit.mounts import Ability, Fault
from connector.testkit.tools import FakeTools
from tests.adapters.exact.connected import Connected

NAME: Final = "Bakkerij De Wit"
EMAIL: Final = "administratie@dewit.example"
PERSON: Final = "Anneke de Wit"
VAT: Final = "NL000099998B57"
TEXT: Final = "Graag betalen, mevrouw De Wit"
SECRET: Final = "env:EXACT_SECRET"  # where it stands
AMOUNTS: Final = ("AmountFC", "AmountDC")
ALWAYS: Final = 1_000_000
API: Final = "/api/v1/"
WRITES: Final = ("POST /api/v1/", "PUT /api/v1/")
FAULTS: Final = {
    Fault.BAD_CREDENTIALS: SimFault.EXPIRE,
    Fault.RATE_LIMITED: SimFault.RATE,
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


class ExactMount:
    """A division with one debtor; messages become documents with a file and a note."""

    abilities = frozenset(Ability)
    faults = frozenset(Fault)
    page_rows = 1000
    rows_again = 1000  # of pages that may be in no order the first tells nothing
    idle_requests = 3
    verbs = (PushVerb.RECORD_MESSAGE, PushVerb.RECORD_HANDOVER, PushVerb.RECORD_TASK)

    def __init__(
        self,
        shown: Mapping[Fault, SimFault] | None = None,
        *,
        ways: Ways | None = None,
        good_writes: int = 0,
    ) -> None:
        """Start the simulator.

        Args:
            shown: In which other form it shows a fault.
            ways: How it behaves where nobody knows how Exact does.
            good_writes: So many writes of an order go well before the fault of a write comes.
        """
        self._shown = {**FAULTS, **(shown or {})}
        self._good_writes = good_writes
        self.tools = FakeTools()
        self.sim = Simulator(clock=self.tools.clock, ways=ways)
        self.tools.secrets = {SECRET: self.sim.client_secret}
        self._house = Connected(self.sim, self.tools)
        self._house.connect()
        self._is_cut_off = False
        self._ending: Fault | None = None  # of the next adapter's token
        self._keys: dict[ItemId, str] = {}
        self._debtor = self.sim.add_account(NAME, email=EMAIL, vat=VAT)
        self.sim.add_contact(self._debtor, name=PERSON, main=True)

    @property
    def confidential(self) -> Sequence[str]:
        tokens = json.loads(self.tools.vault.kept[self._house.tokens().name])
        return [
            NAME, EMAIL, PERSON, VAT, TEXT, self.sim.client_secret,
            tokens["access_token"], tokens["refresh_token"],
        ]  # fmt: skip

    def adapter(self, tools: Tools) -> Adapter:
        self._give_a_fresh_token()
        settings = plugin.settings.model_validate(
            {
                "division": self.sim.division,
                "base_url": self.sim.url,
                "client_id": self.sim.client_id,
                "client_secret": SECRET,
                "task": True,
                "note": True,
                "at_handover": "block",
            }
        )
        return plugin.make(settings, tools)

    def add_invoice(self, amount: Decimal, *, currency: str = "EUR") -> ItemId:
        return _item(self.sim.add_invoice(self._debtor, amount, currency=currency))

    def add_payable(self, amount: Decimal) -> ItemId:
        return ItemId(f"P/{self.sim.add_purchase(total=amount)}")

    def pay(self, item: ItemId, amount: Decimal) -> None:
        left = self.sim.open_amount(_entry(item))
        self.sim.pay(_entry(item), min(amount, left))
        if amount > left:  # more than is open can't be matched: it stays on the account
            self.sim.receipt(self._debtor, amount - left)

    def reverse(self, item: ItemId) -> None:
        self.sim.unmatch(_entry(item))

    def credit(self, item: ItemId, amount: Decimal) -> ItemId:
        return _item(self.sim.credit(_entry(item), amount))

    def delete(self, item: ItemId) -> None:
        self.sim.delete_entry(_entry(item))

    def move(self, item: ItemId) -> None:
        self.sim.touch(_entry(item))

    def break_row(self, item: ItemId) -> None:
        for term in self.sim.term_ids(_entry(item)):
            self.sim.change_term(term, **dict.fromkeys(AMOUNTS, "zeven"))

    def odd_cursors(self, cursor: str) -> Sequence[str]:
        head = json.loads(cursor)
        odd = [
            {**head, "division": head["division"] + 1},
            {**head, "v": 99},
            {**head, "stage": "later"},
            {**head, "terms": ["9", "", False]},
        ]
        return [*(json.dumps(one) for one in odd), *self._sealed(cursor)]

    def fault(self, kind: Fault, *, after: int = 0, times: int | None = 1) -> None:
        self.sim.clear_faults()
        self._ending = None
        many, shown = ALWAYS if times is None else times, self._shown[kind]
        if kind in {Fault.WRITE_TIMEOUT_BEFORE, Fault.WRITE_TIMEOUT_AFTER}:
            for part in WRITES:
                self.sim.fault(shown, match=part, nth=self._good_writes + 1, times=many)
            return
        if kind is Fault.BAD_CREDENTIALS and after == 0 and shown is SimFault.EXPIRE:
            self._is_cut_off = True
            self.sim.revoke()
            return
        if shown is SimFault.EXPIRE:
            self._ending, many = kind, 1
        fields = AMOUNTS if kind in {Fault.MISSING_FIELD, Fault.TYPE_CHANGE} else ()
        self.sim.fault(shown, match=API, nth=after + 1, times=many, fields=fields)

    def heal(self) -> None:
        self.sim.clear_faults()
        self._ending = None
        if self._is_cut_off:
            self._house.connect()
            self._is_cut_off = False

    def requests(self) -> int:
        return self.sim.count(API)

    def renewals(self) -> int:
        return self.sim.token_requests

    def order(self, verb: PushVerb, item: ItemId, key: str) -> PushOrder:
        self._keys[item] = key
        on, is_letter = self.tools.clock.now().date(), verb is not PushVerb.RECORD_TASK
        return PushOrder(
            key=key,
            verb=verb,
            items=(item,),
            on=on,
            text=TEXT,
            document=b"%PDF-1.7 brief" if is_letter else None,
            facts={"file": "brief.pdf"} if is_letter else {"kind": "call"},
        )

    def effects(self, verb: PushVerb, item: ItemId) -> int:
        """Return how often all of it is there; what is half done counts as not done."""
        key = self._keys[item]
        if verb is PushVerb.RECORD_TASK:
            return sum(is_marked(one["Description"], key) for one in self.sim.tasks)
        made = [one["ID"] for one in self.sim.documents if is_marked(one["Subject"], key)]
        files = [one for one in self.sim.attachments if one["Document"] in made]
        notes = [one for one in self.sim.notes if is_marked(one["Subject"], key)]
        parts = [len(made), len(files), len(notes)]
        if verb is PushVerb.RECORD_HANDOVER:
            parts.append(int(self.sim.account(self._debtor)["Blocked"]))
        return max(parts) if all(parts) else 0

    def close(self) -> None:
        """Stop, and hold that Exact had nothing to complain of."""
        self.sim.close()
        names = ("over_limit", "blocks", "early_refreshes", "used_refresh_tokens")
        complaints = {name: getattr(self.sim, name) for name in names}
        assert not any(complaints.values()), complaints

    def _give_a_fresh_token(self) -> None:
        """Let the token that is to end in mid-pass be one that is not due at its beginning."""
        if self._ending is None:
            return
        self._house.connect()
        if self._ending is Fault.BAD_CREDENTIALS:
            self._is_cut_off = True
            self.sim.issue_oauth()  # somebody connected elsewhere, which ends our chain
        self._ending = None

    def _sealed(self, cursor: str) -> Sequence[str]:
        """Return cursors in order: of other books, and with timestamps that no record has yet."""
        foreign, far = (Cursor.read(cursor, self.sim.division) for _ in range(2))
        assert foreign is not None
        assert far is not None
        foreign.division += 1
        for stream in (far.terms, far.accounts, far.contacts, far.deleted):
            stream.after += 10**9
        return foreign.write(), far.write()


def _item(entry: str) -> ItemId:
    return ItemId(f"R/{entry}")


def _entry(item: ItemId) -> str:
    return item.partition("/")[2]
