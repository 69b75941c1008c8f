"""Charges, and the notices that they stand on: what maan claims beyond the books."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.policy.model import StepKind
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import ItemId, PartyRef
from connector.store.dealings import Days, rows
from connector.store.session import Session

_NOTICE: Final = (
    "administration", "item", "cycle", "kind", "party", "action", "delivered_on", "received_on",
    "last_day", "effect_from",
)  # fmt: skip
_CHARGE: Final = (
    "administration", "item", "cycle", "kind", "party", "state", "currency", "amount_minor",
    "vat_minor", "paid_minor", "action", "claimed_on", "by_notice", "payment", "reason",
    "changed_at",
)  # fmt: skip
_CHARGES: Final = (
    "SELECT c.item, c.cycle, c.kind, c.party, i.number, c.state, c.currency, c.amount_minor, "
    "c.vat_minor, c.paid_minor, c.action, c.claimed_on, c.by_notice, i.contract, c.payment, "
    "c.reason, i.handed_over, i.closed_on, i.cycle = c.cycle AND i.state = 'not_reported' "
    "FROM charge c JOIN item i ON i.administration = c.administration AND i.id = c.item "
    "WHERE c.administration = {mark}"
)
_NOTICES: Final = (
    "SELECT item, cycle, kind, party, action, delivered_on, received_on, last_day, effect_from "
    "FROM notice WHERE administration = {mark}"
)


class Charges:
    """The charges and notices of one administration, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def find(self, party: PartyRef | None = None) -> list[Charge]:
        """Return all charges, or those of a debtor, by debtor, number, cycle and kind."""
        return charges(self._session, None if party is None else [party])

    def notices(self, party: PartyRef) -> list[Notice]:
        """Return the notices that reached the debtor, oldest first."""
        return notices(self._session, [party])

    def get(self, item: ItemId, kind: ChargeKind) -> Charge:
        """Return the charge of the item's last charged cycle.

        Raises:
            RequestError: `charge_unknown`.
        """
        found = [one for one in self.find() if (one.item, one.kind) == (item, kind)]
        if not found:
            raise RequestError("charge_unknown", item=item, kind=kind.value)
        return max(found, key=lambda one: one.cycle)

    def save(self, kept: Iterable[Charge]) -> None:
        """Keep the charges, over what was kept of the same item, cycle and kind."""
        now = self._session.now()
        self._session.upsert("charge", [self._charge_row(one, now) for one in kept], _CHARGE)

    def note(self, kept: Iterable[Notice]) -> None:
        """Keep that notices reached the debtor; a later one of the same kind replaces it."""
        self._session.upsert(
            "notice",
            [
                (
                    self._session.administration, one.item, one.cycle, one.kind.value, one.party,
                    one.action, one.delivered_on.isoformat(), one.received_on.isoformat(),
                    one.last_day.isoformat(), one.effect_from.isoformat(),
                )
                for one in kept
            ],
            _NOTICE,
        )  # fmt: skip

    def void(self, action: str) -> None:
        """Take back what a message brought about: it did not reach the debtor."""
        for name in ("charge", "notice"):
            self._session.write(
                f"DELETE FROM {name} WHERE administration = {{mark}} AND action = {{mark}}",  # noqa: S608  # our own names
                [(self._session.administration, action)],
            )

    def _charge_row(self, one: Charge, now: str) -> tuple[Any, ...]:
        return (
            self._session.administration, one.item, one.cycle, one.kind.value, one.party,
            one.state.value, one.amount.currency, one.amount.minor(), one.vat.minor(),
            one.paid.minor(), one.action, one.claimed_on.isoformat(), one.by_notice, one.payment,
            one.reason, now,
        )  # fmt: skip


def charges(session: Session, wanted: Sequence[str] | None) -> list[Charge]:
    """Return the charges of these debtors, or all."""
    days, found = Days(), []
    for (
        item, cycle, kind, party, number, state, currency, amount, vat, paid, action, claimed_on,
        by_notice, contract, payment, reason, handed_over, ended_on,
        not_reported,
    ) in rows(session, _CHARGES, "c.party", wanted):  # fmt: skip
        found.append(
            Charge(
                item=item,
                cycle=cycle,
                kind=ChargeKind(kind),
                party=party,
                number=number,
                state=ChargeState(state),
                amount=Money.from_minor(amount, currency),
                vat=Money.from_minor(vat, currency),
                paid=Money.from_minor(paid, currency),
                action=action,
                claimed_on=days[claimed_on] or date.min,
                by_notice=bool(by_notice),
                contract=contract,
                payment=payment,
                reason=reason,
                handed_over=bool(handed_over),
                ended_on=days[ended_on],
                not_reported=bool(not_reported),
            )
        )
    return sorted(found, key=lambda one: (one.party, one.number, one.cycle, one.kind))


def notices(session: Session, wanted: Sequence[str] | None) -> list[Notice]:
    """Return the notices that reached these debtors, or all, oldest first."""
    days = Days()
    found = [
        Notice(
            item=item,
            cycle=cycle,
            kind=StepKind(kind),
            party=party,
            action=action,
            delivered_on=days[delivered] or date.min,
            received_on=days[received] or date.min,
            last_day=days[last] or date.max,
            effect_from=days[effect] or date.max,
        )
        for item, cycle, kind, party, action, delivered, received, last, effect in rows(
            session, _NOTICES, "party", wanted
        )
    ]
    return sorted(found, key=lambda one: (one.delivered_on, one.item, one.kind))
