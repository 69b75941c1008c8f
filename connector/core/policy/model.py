"""The policy as records, checked field by field; `config/policy.schema.json` is generated from it.

The words are those of docs/policy.md. Nothing here knows YAML: the reader hands over plain
mappings in which every number and date is still the text that the bookkeeper wrote.
"""

import re
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


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


class _Text:
    """A value written as one word in the policy; equal when it means the same."""

    __slots__ = ()
    pattern: str

    @classmethod
    def parse(cls, text: str) -> Self:
        raise AssertionError(text)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def validate(value: object) -> object:
            if isinstance(value, cls):
                return value
            return cls.parse(str(value))

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls,
        _schema: CoreSchema,
        _handler: GetJsonSchemaHandler,
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": cls.pattern}


class Duration(_Text):
    """A number of calendar days (`7d`) or of business days (`5 business days`)."""

    __slots__ = ("business", "days")
    pattern = r"^\d{1,4} ?d(ays?)?$|^\d{1,4} business days?$"

    def __init__(self, days: int, *, business: bool = False) -> None:
        """Keep the count and its kind."""
        self.days = days
        self.business = business

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the duration, or raise the fault `duration_form`."""
        found = re.fullmatch(r"(\d{1,4}) ?d(?:ays?)?|(\d{1,4}) business days?", text.strip())
        if found is None:
            raise PydanticCustomError("duration_form", "not a duration: {found}", {"found": text})
        if found[1] is not None:
            return cls(int(found[1]))
        return cls(int(found[2]), business=True)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Duration)
            and self.days == other.days
            and self.business == other.business
        )

    def __hash__(self) -> int:
        return hash((self.days, self.business))

    def __str__(self) -> str:
        return f"{self.days} business days" if self.business else f"{self.days}d"

    __repr__ = __str__


class AnchorKind(StrEnum):
    """From what an anchor counts."""

    DUE = "due"
    INVOICE = "invoice"
    PREVIOUS = "previous"
    DEADLINE = "deadline"
    MONTH_END = "month_end"  # end of the month in which due + N falls


class Anchor(_Text):
    """The moment of a step: `due + 4d`, `due - 3d`, `previous + 14d`, `month_end(due + 10d)`."""

    __slots__ = ("kind", "offset", "sign")
    pattern = (
        r"^(due( *[+-] *\d+( ?d(ays?)?| business days?))?"
        r"|(invoice|previous|deadline)( *\+ *\d+( ?d(ays?)?| business days?))?"
        r"|month_end\( *due( *\+ *\d+( ?d(ays?)?| business days?))? *\))$"
    )

    def __init__(self, kind: AnchorKind, offset: Duration, sign: int = 1) -> None:
        """Keep the kind and the offset; `sign` is -1 only for `due - N`."""
        self.kind = kind
        self.offset = offset
        self.sign = sign

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the anchor, or raise the fault `anchor_form`."""
        clean = " ".join(text.split())
        month_end = re.fullmatch(r"month_end\( ?(.*?) ?\)", clean)
        inner = month_end[1] if month_end else clean
        found = re.fullmatch(r"(due|invoice|previous|deadline)(?: ?([+-]) ?(.+))?", inner)
        if found is None or (month_end and (found[1] != "due" or found[2] == "-")):
            raise PydanticCustomError("anchor_form", "not a moment: {found}", {"found": text})
        if found[2] == "-" and found[1] != "due":
            raise PydanticCustomError("anchor_form", "not a moment: {found}", {"found": text})
        try:
            offset = Duration.parse(found[3]) if found[3] else Duration(0)
        except PydanticCustomError:
            raise PydanticCustomError(
                "anchor_form", "not a moment: {found}", {"found": text}
            ) from None
        kind = AnchorKind.MONTH_END if month_end else AnchorKind(found[1])
        return cls(kind, offset, -1 if found[2] == "-" else 1)

    @property
    def before_due(self) -> bool:
        """Whether the moment lies before the due date."""
        return self.sign < 0 and self.offset.days > 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anchor) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        inner = self.kind.value if self.kind is not AnchorKind.MONTH_END else "due"
        if self.offset.days:
            inner += f" {'-' if self.sign < 0 else '+'} {self.offset}"
        return f"month_end({inner})" if self.kind is AnchorKind.MONTH_END else inner

    __repr__ = __str__


def _amount(value: object) -> object:
    if isinstance(value, bool | float) or (
        isinstance(value, str) and not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", value.strip())
    ):
        raise PydanticCustomError("amount_form", "not an amount: {found}", {"found": str(value)})
    return value


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0)]
"""A positive amount in the currency at hand, with a point and at most two decimals."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class QuietWindow(_Part):
    """Days of the year on which nothing is demanded and no term ends; both ends included."""

    from_: str = Field(alias="from", pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    to: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")


class Hours(_Text):
    """Opening hours in local time, as in `09:00-17:00`."""

    __slots__ = ("opens", "shuts")
    pattern = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"

    def __init__(self, opens: time, shuts: time) -> None:
        """Keep both ends; `shuts` itself is outside."""
        self.opens = opens
        self.shuts = shuts

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the hours, or raise the fault `hours_form`."""
        found = re.fullmatch(r"(\d\d):(\d\d) ?- ?(\d\d):(\d\d)", text.strip())
        opens, shuts = (
            (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4]))
            if found
            else (0, 0)
        )
        if opens >= shuts or shuts >= 24 * 60:
            raise PydanticCustomError("hours_form", "not opening hours: {found}", {"found": text})
        return cls(time(*divmod(opens, 60)), time(*divmod(shuts, 60)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hours) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.shuts:%H:%M}"

    __repr__ = __str__


class Age(_Text):
    """How old data may be: hours (`6h`) or business days (`3 business days`) or days (`2d`)."""

    __slots__ = ("duration", "hours")
    pattern = r"^\d{1,4} ?h(ours?)?$|^\d{1,4} ?d(ays?)?$|^\d{1,4} business days?$"

    def __init__(self, *, hours: int | None = None, duration: Duration | None = None) -> None:
        """Keep either the hours or the duration."""
        self.hours = hours
        self.duration = duration

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the age, or raise the fault `age_form`."""
        found = re.fullmatch(r"(\d{1,4}) ?h(?:ours?)?", text.strip())
        if found:
            return cls(hours=int(found[1]))
        try:
            return cls(duration=Duration.parse(text))
        except PydanticCustomError:
            raise PydanticCustomError("age_form", "not an age: {found}", {"found": text}) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Age) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.hours}h" if self.duration is None else str(self.duration)

    __repr__ = __str__


class Receipt(_Part):
    """When a message counts as received: the law's rule, lengthened or not."""

    post: str = Field(
        "statutory + 2 business days",
        pattern=r"^statutory( \+ \d{1,3}( ?d(ays?)?| business days?))?$",
    )
    email: str = Field(
        "statutory",
        pattern=r"^statutory( \+ \d{1,3}( ?d(ays?)?| business days?))?$",
    )

    def extra(self, channel: Literal["post", "email"]) -> Duration:
        """Return what the policy adds to the law's own rule."""
        text: str = getattr(self, channel)
        return Duration.parse(text.partition("+")[2]) if "+" in text else Duration(0)


class Promise(_Part):
    """How promises to pay are treated."""

    grace: Duration = Duration(3, business=True)
    at_most: int = Field(2, ge=0, le=10)


class Guards(_Part):
    """What a plan may propose, what may leave at this moment, and how terms run."""

    minimum_open: Amount = Decimal("15.00")
    minimum_hand_over: Amount = Decimal("50.00")
    small_difference: Amount = Decimal("2.00")
    contact_spacing: Duration = Duration(7)
    minimum_gap: Duration = Duration(7)
    business_days: Literal["NL"] | None = "NL"
    quiet: tuple[QuietWindow, ...] = ()
    credits: Literal["net", "hold", "ignore"] = "net"
    unallocated_payment: Literal["hold", "net"] = "hold"
    set_off: Literal["hold", "warn", "ignore"] = "hold"
    after_payment: Duration = Duration(5, business=True)
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

    step: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")
    at: Anchor
    do: StepKind
    via: Annotated[tuple[ChannelName, ...], BeforeValidator(_listed)] = ()
    fallback: ChannelName | None = None
    term: Duration | None = None
    approve: Literal["never", "always"] | ApproveAbove | None = None
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
        tuple[DebtorKind | Literal["business"], ...] | None, BeforeValidator(_listed)
    ] = None
    language: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = None
    country: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = None
    tag: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = None
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
    claim_from: str | None = None  # name of the step from which it is claimed

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.kind is None) == (self.rate is None):
            raise PydanticCustomError("interest_form", "either kind or rate", {})
        return self


class CollectionCosts(_Part):
    """Collection costs that are claimed; an agreed percentage is for businesses only."""

    kind: Literal["none", "statutory"] | None = None
    percentage: Amount | None = None
    minimum: Amount | None = None
    clause: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.kind is None) == (self.percentage is None):
            raise PydanticCustomError("costs_form", "either kind or percentage", {})
        return self


class Track(_Part):
    """The part of the policy that applies to a kind of debtor."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")
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
    due: date | None = None
    restart: bool = False
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

    version: Literal[1]
    mode: Mode = Mode.ASSISTED
    guards: Guards = Guards()
    tracks: tuple[Track, ...] = Field(min_length=1)
    overrides: tuple[Override, ...] = ()
    digest: str = Field("", exclude=True)  # "sha256:…" of the file's bytes, set by the reader
