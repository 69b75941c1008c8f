"""Which track a debtor is on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connector.core.policy.model import Conditions, DebtorKind, Override, Policy
from connector.core.snapshot import Item, Party
from connector.port.records import Document


@dataclass(frozen=True, slots=True)
class TrackChoice:
    """The track a debtor is on, and what the policy would choose today."""

    name: str
    wanted: str
    by_override: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether the policy would choose another track now; that asks a person."""
        return self.name != self.wanted


def choose_track(
    policy: Policy,
    party: Party,
    kind: DebtorKind,
    *,
    items: Sequence[Item],
    override: Override | None,
) -> TrackChoice:
    """Return the debtor's track: the one it began its cycle on, else the first that matches.

    A person's override is a word of its own: it moves the debtor to that track at once.
    """
    if override is not None and override.track is not None:
        return TrackChoice(override.track, override.track, by_override=True)
    wanted = next(
        track.name for track in policy.tracks if _matches(track.applies_to, party, kind, items)
    )
    begun = max(
        ((item.position.delivered_on, item.position.track) for item in items if item.position),
        default=None,
    )
    return TrackChoice(begun[1] if begun else wanted, wanted)


def _matches(tests: Conditions, party: Party, kind: DebtorKind, items: Sequence[Item]) -> bool:
    if tests.is_empty:
        return True
    late, balance = party.average_days_late, tests.balance_over
    return all(
        (
            tests.kind is None or _is_kind(kind, tests.kind),
            tests.language is None or party.language in tests.language,
            tests.country is None or party.country in tests.country,
            tests.tag is None or any(tag in tests.tag for tag in party.tags),
            balance is None or any(total > balance for total in _balances(items)),
            tests.open_items_over is None or _invoices(items) > tests.open_items_over,
            tests.average_days_late_over is None
            or (late is not None and late > tests.average_days_late_over),
            tests.score_under is None,  # no source tells a score yet: unknown never matches
        )
    )


def _is_kind(kind: DebtorKind, tested: Sequence[str]) -> bool:
    """Unknown counts as a consumer and matches no other test."""
    if kind is DebtorKind.UNKNOWN:
        return DebtorKind.CONSUMER in tested or DebtorKind.UNKNOWN in tested
    return kind in tested or (kind.is_business and "business" in tested)


def _balances(items: Sequence[Item]) -> list[Decimal]:
    per_currency: dict[str, Decimal] = {}
    for item in items:
        amount = item.open.amount
        per_currency[item.open.currency] = per_currency.get(item.open.currency, Decimal(0)) + amount
    return list(per_currency.values())


def _invoices(items: Sequence[Item]) -> int:
    return sum(item.document is Document.INVOICE for item in items)
