"""What the contract needs of a source: a small world that a test can change in neutral words."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from connector.port.adapter import Adapter, PushOrder, PushVerb
from connector.port.records import ItemId
from connector.port.tools import Tools
from connector.testkit.tools import FakeTools


class Ability(StrEnum):
    """What a source and its adapter can do; what they can't is left out by name."""

    DELTA = "delta"  # a pull gives only what changed since the cursor
    PAGES = "pages"  # rows come in pages, and a row may change place between them
    RESUMES = "resumes"  # a broken pull goes on from its last checkpoint
    DELETES = "deletes"  # a row can be taken out of the source, and that shows
    PAYABLES = "payables"
    CURRENCIES = "currencies"  # an invoice may be in another currency than the euro
    PARTIAL_PAYMENTS = "partial_payments"
    OVERPAYMENTS = "overpayments"
    CREDIT_NOTES = "credit_notes"
    REVERSALS = "reversals"  # a payment can be taken back
    BROKEN_ROWS = "broken_rows"  # one row can be unreadable while the others are fine
    TOKENS = "tokens"  # credentials that expire, and are renewed by the adapter
    BUDGETS = "budgets"  # requests are taken from a budget of the house
    PUSHES = "pushes"


class Fault(StrEnum):
    """What can be wrong with a source, or on the way to it."""

    BAD_CREDENTIALS = "bad_credentials"  # nothing that we hold is accepted any more
    RATE_LIMITED = "rate_limited"  # asks for patience, and says for how long
    AWAY_503 = "away_503"  # not there now
    RESET_MIDBODY = "reset_midbody"  # the connection breaks within the answer
    TIMEOUT = "timeout"  # no answer comes
    HTML_200 = "html_200"  # a page for people, said to be well
    INVALID_JSON = "invalid_json"
    TRUNCATED = "truncated"  # the answer stops in the middle of a row
    SHORT_LIST = "short_list"  # half of the rows are there, and nothing says so
    EMPTY_AFTER_ROWS = "empty_after_rows"  # all is said to be well, and nothing is there
    TOKEN_EXPIRY = "token_expiry"  # noqa: S105  # the access token ends; it can be renewed
    UNKNOWN_FIELD = "unknown_field"  # every row has one that nobody has heard of
    MISSING_FIELD = "missing_field"  # every row lacks one that is needed for the amount
    TYPE_CHANGE = "type_change"  # what was an amount is something else in every row
    WRITE_TIMEOUT_BEFORE = "write_timeout_before"  # a write is lost, and no answer comes
    WRITE_TIMEOUT_AFTER = "write_timeout_after"  # a write is done, and no answer comes


class Mount(Protocol):
    """A source that was started for one test; empty at first. Attributes are read-only.

    A method for which the ability is missing is never called, and may raise NotImplementedError.
    """

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the source and its adapter can do."""
        ...

    @property
    def faults(self) -> frozenset[Fault]:
        """What this source can be made to show."""
        ...

    @property
    def page_rows(self) -> int:
        """How many rows come in one page, or any small number where there are no pages."""
        ...

    @property
    def rows_again(self) -> int:
        """How many rows a pull that broke may read once more, to see the order of its pages."""
        ...

    @property
    def idle_requests(self) -> int:
        """How many requests a pull costs at most when nothing changed since the last, that day."""
        ...

    @property
    def verbs(self) -> tuple[PushVerb, ...]:
        """What may be asked of the source, where it can be pushed to."""
        ...

    @property
    def confidential(self) -> Sequence[str]:
        """What may be in no log and no error: secrets and tokens, names and bank accounts."""
        ...

    @property
    def tools(self) -> FakeTools:
        """The tools of a house that is connected; the source shares their clock."""
        ...

    def adapter(self, tools: Tools) -> Adapter:
        """Return a new adapter of this source, as another process would make it."""
        ...

    def add_invoice(self, amount: Decimal, *, currency: str = "EUR") -> ItemId:
        """Add an open invoice to a debtor."""
        ...

    def add_payable(self, amount: Decimal) -> ItemId:
        """Add an open invoice of a supplier, in euros."""
        ...

    def pay(self, item: ItemId, amount: Decimal) -> None:
        """Let an invoice be paid: in part, in full, or more than that."""
        ...

    def reverse(self, item: ItemId) -> None:
        """Let the last payment be taken back."""
        ...

    def credit(self, item: ItemId, amount: Decimal) -> ItemId:
        """Issue a credit note of this positive amount, not yet settled with the invoice."""
        ...

    def delete(self, item: ItemId) -> None:
        """Take the row out of the source."""
        ...

    def move(self, item: ItemId) -> None:
        """Give the row another place among the pages, as a change that is none of ours would."""
        ...

    def break_row(self, item: ItemId) -> None:
        """Make this row unreadable, and no other."""
        ...

    def odd_cursors(self, cursor: str) -> Sequence[str]:
        """Return variants of a true cursor: far in the future, of other books or versions."""
        ...

    def fault(self, kind: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Show a fault from now on; a second one takes the place of the first.

        Args:
            kind: What is wrong.
            after: So many requests are still answered well (no meaning without requests).
            times: How many answers are wrong; None: all, until it is healed. A fault in the
                form of rows, or in a file, always lasts until it is healed.
        """
        ...

    def heal(self) -> None:
        """Let the source work as it should; expired tokens stay expired."""
        ...

    def requests(self) -> int:
        """Return how many requests reached the source so far, those for tokens not counted."""
        ...

    def renewals(self) -> int:
        """Return how often the source gave out new tokens so far."""
        ...

    def order(self, verb: PushVerb, item: ItemId, key: str) -> PushOrder:
        """Return an order that the source can perform with this item."""
        ...

    def effects(self, verb: PushVerb, item: ItemId) -> int:
        """Return how often the source did this with the item."""
        ...

    def close(self) -> None:
        """Stop the source."""
        ...
