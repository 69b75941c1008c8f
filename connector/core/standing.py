"""What a debtor stands at before anything is asked: its charges settled, its credits counted."""

from dataclasses import replace

from connector.core.findings import Debtor
from connector.core.netting import net
from connector.core.obstacles import Desk, attend, look_again
from connector.core.settling import settle
from connector.core.snapshot import Item


def settled(desk: Desk, debtor: Debtor) -> Debtor:
    """Settle the debtor's charges; return it without the money that paid them."""
    ref = debtor.party.ref
    charges = desk.snapshot.charges.get(ref, ())
    if not charges:
        return debtor
    notices = desk.snapshot.notices.get(ref, ())
    left = {
        key: amount
        for currency in {claim.open.currency for claim in debtor.claims}
        for key, amount in net(
            [claim for claim in debtor.claims if claim.open.currency == currency],
            [credit for credit in counted_credits(desk, debtor, currency) if credit.names_invoice],
        ).net.items()
    }
    done = settle(debtor, charges, notices, left=left, policy=desk.policy, law=desk.law,
                  today=desk.today)  # fmt: skip
    desk.settled[ref] = done
    for code, subject, facts in done.points:
        attend(desk, debtor, code, facts, about=subject)
    for notice in notices:
        look_again(desk, debtor, notice.effect_from)
    return replace(
        debtor,
        credits=tuple(one for one in debtor.credits if one.id not in done.placed),
        unallocated=tuple(one for one in debtor.unallocated if one.id not in done.placed),
    )


def counted_credits(desk: Desk, debtor: Debtor, currency: str) -> list[Item]:
    """Return the open credits that the policy counts against claims of the currency."""
    guards = desk.policy.guards
    counted = debtor.credits if guards.credits == "net" else ()
    money = debtor.unallocated if guards.unallocated_payment == "net" else ()
    return [
        item
        for item in (*counted, *money)
        if item.open.currency == currency and item.open.amount < 0
    ]
