"""What evaluate hands to plan: where each claim of each debtor stands on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from connector.core.ladder import Moment
from connector.core.law.figures import Figures
from connector.core.policy.model import DebtorKind, StepKind
from connector.core.reasons import Fact, Reason
from connector.core.snapshot import Item, Party, Snapshot
from connector.core.tracks import TrackChoice
from connector.port.money import Money
from connector.port.records import PartyRef


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why nothing may happen to a claim or debtor, and from when that may be over by itself."""

    reason: Reason
    again_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One receivable and what the policy says of it today."""

    item: Item
    due: date | None  # as the policy's override or the books say
    open: Money  # what may be asked: without the part under a hold
    moment: Moment | None  # of the next step; None: there is none, or the ladder is unknown
    reached: bool  # today has reached the moment
    past_due: bool
    first_run: bool  # overdue when the books were first pulled, and never written about by us
    withheld: Withheld | None  # whatever the date
    despite_limitation: bool = False  # a person took it upon them to hand over a barred claim
    changes_on: date | None = None  # first later day on which a hold ends or it turns old

    @property
    def is_due_for_action(self) -> bool:
        """Whether a step has been reached and nothing keeps the claim from it."""
        return self.reached and self.withheld is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Something that a person must look at; `subject` is an item id or a party reference."""

    code: str
    subject: str
    party: PartyRef | None
    number: str | None
    cycle: int = 0
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """A debtor with its claims, credits and unallocated payments."""

    party: Party
    kind: DebtorKind
    track: TrackChoice
    never: frozenset[StepKind]
    claims: tuple[Claim, ...]  # sorted by due date, number, id
    credits: tuple[Item, ...]  # open credit notes, oldest first
    unallocated: tuple[Item, ...]  # payments without an invoice, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Where everything stands on a day; debtors sorted by reference."""

    snapshot: Snapshot
    law: Figures
    today: date
    debtors: tuple[Debtor, ...]
    attention: tuple[Attention, ...]
