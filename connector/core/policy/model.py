"""The policy as records, checked field by field; `config/policy.schema.json` is generated from it.

The words are those of docs/policy.md. Nothing here knows YAML: the reader hands over plain
mappings in which every number and date is still the text that the bookkeeper wrote.
"""

from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from connector.core.policy.forms import (
    Amount,
    BusinessDays,
    MonthDay,
    Name,
    NearDate,
    ReceiptRule,
    Version,
    approval_word,
    listed,
)
from connector.core.policy.words import Age, Anchor, AnchorKind, Duration, Hours

__all__ = [
    "AfterCosts",
    "Age",
    "Amount",
    "Anchor",
    "AnchorKind",
    "ApproveAbove",
    "ChannelName",
    "CollectionCosts",
    "Conditions",
    "DebtorKind",
    "Duration",
    "Guards",
    "Hours",
    "Interest",
    "Mode",
    "Override",
    "Policy",
    "Promise",
    "QuietWindow",
    "Receipt",
    "Step",
    "StepKind",
    "Track",
]


class DebtorKind(StrEnum):
    """What a debtor is in law; unknown is treated as a consumer."""

    CONSUMER = "consumer"
    SOLE_TRADER = "sole_trader"
    PARTNERSHIP = "partnership"
    COMPANY = "company"
    PUBLIC_BODY = "public_body"
    UNKNOWN = "unknown"

    @property
    def is_natural_person(self) -> bool:
        """Whether a natural person stands behind it; unknown counts as one."""
        return self not in (DebtorKind.COMPANY, DebtorKind.PUBLIC_BODY)

    @property
    def is_business(self) -> bool:
        """Whether it acts in trade; unknown does not count as such."""
        return self not in (DebtorKind.CONSUMER, DebtorKind.UNKNOWN)


class StepKind(StrEnum):
    """What a step does (`do:`)."""

    REMINDER = "reminder"
    DEFAULT_NOTICE = "default_notice"
    STATUTORY_NOTICE = "statutory_notice"
    FINAL_DEMAND = "final_demand"
    CALL = "call"
    TASK = "task"
    HAND_OVER = "hand_over"

    @property
    def is_message(self) -> bool:
        """Whether it writes to the debtor."""
        return self in _MESSAGES

    @property
    def is_legal(self) -> bool:
        """Whether its text must be ours, never the package's."""
        return self in _LEGAL


_LEGAL = frozenset(
    {StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE, StepKind.FINAL_DEMAND},
)
_MESSAGES = _LEGAL | {StepKind.REMINDER}


class ChannelName(StrEnum):
    """How a message leaves."""

    PACKAGE = "package"
    EMAIL = "email"
    POST = "post"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class QuietWindow(_Part):
    """Days of the year on which nothing is demanded and no term ends; both ends included."""

    from_: MonthDay = Field(alias="from")
    to: MonthDay


class Receipt(_Part):
    """When a message counts as received: the law's rule, lengthened or not."""

    post: ReceiptRule = "statutory + 2 business days"
    email: ReceiptRule = "statutory"

    def lengthened(self, channel: Literal["post", "email"]) -> Duration:
        """Return what the policy adds to the law's own rule."""
        text: str = getattr(self, channel)
        return Duration.parse(text.partition("+")[2]) if "+" in text else Duration(0)


class Promise(_Part):
    """How promises to pay are treated."""

    grace: Duration = Duration(3, business=True)
    at_most: int = Field(2, ge=0, le=10)


class AfterCosts(_Part):
    """What happens to announced costs and interest when the principal, or nearly all, is paid.

    A remainder below `remainder_below` is waived; what happens to a larger one, `above` says.
    """

    principal_only: Literal["waive", "ask"] = "waive"
    remainder_below: Amount = Decimal("15.00")
    above: Literal["ask", "waive"] = "ask"


class Guards(_Part):
    """What a plan may propose, what may leave at this moment, and how terms run."""

    minimum_open: Amount = Decimal("15.00")
    minimum_hand_over: Amount = Decimal("50.00")
    small_difference: Amount = Decimal("2.00")
    contact_spacing: Duration = Duration(7)
    minimum_gap: Duration = Duration(7)
    business_days: BusinessDays = "NL"
    quiet: tuple[QuietWindow, ...] = ()
    credits: Literal["net", "hold", "ignore"] = "net"
    unallocated_payment: Literal["hold", "net"] = "hold"
    set_off: Literal["hold", "warn", "ignore"] = "hold"
    after_payment: Duration = Duration(5, business=True)
    after_costs: AfterCosts = AfterCosts()
    first_run_per_day: int = Field(25, ge=1)
    also_open: Literal["overdue", "all", "none"] = "overdue"
    data_no_older_than: Age = Age(hours=6)
    bank_no_older_than: Age = Age(duration=Duration(3, business=True))
    bank_when_unknown: Literal["ask", "hold", "ignore"] = "ask"
    hours: Hours = Hours(time(9), time(17))
    receipt: Receipt = Receipt()
    bank_margin: Duration = Duration(2, business=True)
    promise: Promise = Promise()


class ApproveAbove(_Part):
    """A person looks when the total is above this amount."""

    above: Amount


class Step(_Part):
    """One step of a ladder."""

    step: Name
    at: Anchor
    do: StepKind
    via: Annotated[tuple[ChannelName, ...], BeforeValidator(listed)] = ()
    fallback: ChannelName | None = None
    term: Duration | None = None
    approve: Annotated[
        Literal["never", "always"] | ApproveAbove | None, BeforeValidator(approval_word)
    ] = None
    to: str | None = None
    why: str | None = None
    attach_letter: bool = False  # the letter as PDF with the e-mail; legal notices always have it

    @property
    def term_or_default(self) -> Duration:
        """Return the term that the message gives: 7 days for a reminder, else 14."""
        return self.term or Duration(7 if self.do is StepKind.REMINDER else 14)


class Conditions(_Part):
    """Which debtors a track is for; all tests that are there must hold."""

    kind: Annotated[
        tuple[DebtorKind | Literal["business"], ...] | None, BeforeValidator(listed)
    ] = None
    language: Annotated[tuple[str, ...] | None, BeforeValidator(listed)] = None
    country: Annotated[tuple[str, ...] | None, BeforeValidator(listed)] = None
    tag: Annotated[tuple[str, ...] | None, BeforeValidator(listed)] = None
    balance_over: Amount | None = None
    open_items_over: int | None = Field(None, ge=0)
    average_days_late_over: int | None = Field(None, ge=0)
    score_under: int | None = Field(None, ge=0, le=100)

    @property
    def is_empty(self) -> bool:
        """Whether every debtor passes."""
        return not self.model_fields_set


class Interest(_Part):
    """Interest that is claimed: the statutory one, or an agreed rate with its clause."""

    kind: Literal["none", "statutory"] | None = None
    rate: Amount | None = None  # percent per year
    clause: str | None = None
    claim_from: str | None = None  # the step, by its name or by what it does; None: the handover

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.kind is None) == (self.rate is None):
            raise PydanticCustomError("interest_form", "either kind or rate", {})
        return self

    @property
    def is_claimed(self) -> bool:
        """Whether any interest is claimed."""
        return self.kind != "none"

    @property
    def claimed_from(self) -> str:
        """Return the step from which it is claimed: left out, that is the handover."""
        return self.claim_from or StepKind.HAND_OVER.value


class CollectionCosts(_Part):
    """Collection costs that are claimed; what was agreed, or per invoice, is for businesses only.

    `per_invoice` claims at least the EUR 40 of art. 6:96 lid 4 BW for every single invoice, where
    the statutory scale over their sum gives less.
    """

    kind: Literal["none", "statutory"] | None = None
    percentage: Amount | None = None
    minimum: Amount | None = None
    clause: str | None = None
    per_invoice: bool = False

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.kind is None) == (self.percentage is None):
            raise PydanticCustomError("costs_form", "either kind or percentage", {})
        return self

    @property
    def is_claimed(self) -> bool:
        """Whether any costs are claimed."""
        return self.kind != "none"


class Track(_Part):
    """The part of the policy that applies to a kind of debtor."""

    name: Name
    applies_to: Conditions = Conditions()
    interest: Interest = Interest(kind="none")
    collection_costs: CollectionCosts = CollectionCosts(kind="none")
    ladder: tuple[Step, ...] = Field(min_length=1)


class Override(_Part):
    """A person's exception for one debtor or one invoice."""

    debtor: str | None = None
    invoice: str | None = None
    track: str | None = None
    kind: DebtorKind | None = None
    never: tuple[StepKind, ...] = ()
    skip: bool = False
    due: NearDate | None = None
    restart: bool = False
    despite_limitation: bool = False  # a person hands over a time-barred claim of a consumer
    reason: str | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.debtor is None) == (self.invoice is None):
            raise PydanticCustomError("override_subject", "either debtor or invoice", {})
        return self


class Mode(StrEnum):
    """How much happens without a person."""

    SHADOW = "shadow"
    ASSISTED = "assisted"
    AUTOMATIC = "automatic"


class Policy(_Part):
    """The whole policy, as read from one file."""

    version: Version
    mode: Mode = Mode.ASSISTED
    guards: Guards = Guards()
    tracks: tuple[Track, ...] = Field(min_length=1)
    overrides: tuple[Override, ...] = ()
    digest: str = Field("", exclude=True)  # "sha256:…" of the file's bytes, set by the reader
