"""Policies as text for the tests of this room: dull, lawful, changed where it matters."""

from dataclasses import replace

from connector.core.policy.check import PolicyContext
from connector.core.policy.read import Fault, read_policy

REMINDER = "{step: herinnering, at: due + 4d, do: reminder, via: email}"
NOTICE = "{step: brief, at: deadline + 1d, do: statutory_notice, via: post}"
DEFAULT = "{step: aanmaning, at: deadline + 1d, do: default_notice, via: post}"
HAND_OVER = "{step: incasso, at: deadline + 8d, do: hand_over, to: bureau}"
OFFICE = PolicyContext(agencies=frozenset({"bureau"}))
FOR_OTHERS = replace(OFFICE, acting_for_others=True, office_registered=True)
COSTS = "collection_costs: statutory"
DEMAND = "{step: sommatie, at: deadline + 1d, do: final_demand, via: post}"
CALL = "{step: bellen, at: due + 10d, do: call}"


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


def claimed(*steps: str) -> str:
    """A track for everybody, with costs."""
    return ladder(*steps, extra=COSTS)


def beside(*steps: str, extra: str = "", tests: str = "kind: business", after: str = "") -> str:
    """A track `z` before the one for everybody, which is dull."""
    more = f"{extra}, " if extra else ""
    track = f"  - {{name: z, applies_to: {{{tests}}}, {more}ladder: [{', '.join(steps)}]}}\n"
    return ladder(REMINDER, before=track, after=after)


def with_(step: str, /, **keys: str) -> str:
    """The step with another value behind a key, or with a key more."""
    parts = dict(part.split(": ", 1) for part in step.strip("{}").split(", "))
    return "{" + ", ".join(f"{key}: {value}" for key, value in (parts | keys).items()) + "}"


PLAIN = ladder(REMINDER)
LAWFUL = ladder(REMINDER, DEFAULT, NOTICE, HAND_OVER, extra=COSTS)
