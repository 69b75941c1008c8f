"""Policies as text for the tests of this room: dull, lawful, changed where it matters."""

from connector.core.policy.check import PolicyContext
from connector.core.policy.read import Fault, read_policy

REMINDER = "{step: herinnering, at: due + 4d, do: reminder, via: email}"
NOTICE = "{step: brief, at: deadline + 1d, do: statutory_notice, via: post}"
DEFAULT = "{step: aanmaning, at: deadline + 1d, do: default_notice, via: post}"
HAND_OVER = "{step: incasso, at: deadline + 8d, do: hand_over, to: bureau}"


def ladder(*steps: str, extra: str = "", before: str = "", after: str = "") -> str:
    """Return a policy whose first line of steps is line 5 (plus the lines of `before`)."""
    lines = ["version: 1", "tracks:", before + "  - name: alle"]
    lines.append("    ladder:")
    lines += [f"      - {step}" for step in steps]
    if extra:
        lines.insert(3, f"    {extra}")
    return "\n".join(lines) + "\n" + after


def found(text: str, context: PolicyContext | None = None) -> list[tuple[str, int]]:
    """Return code and line of every fault."""
    return [(fault.code, fault.line) for fault in read_policy(text, context).faults]


def only(text: str, context: PolicyContext | None = None) -> Fault:
    """Return the single fault."""
    (fault,) = read_policy(text, context).faults
    return fault
