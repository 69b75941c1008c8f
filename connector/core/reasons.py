"""Reasons: a code with the facts that were compared; its sentence is in the message catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connector.port.money import Money

Fact = str | int | Decimal | date | Money | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is, is not, or waits. All codes are listed in docs/reasons.md."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
