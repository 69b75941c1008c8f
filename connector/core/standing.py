"""What a debtor stands at before anything is asked: its charges settled, its credits counted."""

from connector.core.findings import Debtor
from connector.core.netting import without
from connector.core.obstacles import Desk, attend, look_again
from connector.core.settling import settle


def settled(desk: Desk, debtor: Debtor) -> Debtor:
    """Settle the debtor's charges; return it without the money that paid them."""
    ref = debtor.party.ref
    charges = desk.snapshot.charges.get(ref, ())
    if not charges:
        return debtor
    notices = desk.snapshot.notices.get(ref, ())
    done = settle(debtor, charges, notices, policy=desk.policy, law=desk.law, today=desk.today)
    desk.settled[ref] = done
    for code, subject, facts in done.points:
        attend(desk, debtor, code, facts, about=subject)
    for notice in notices:
        look_again(desk, debtor, notice.effect_from)
    return without(debtor, done.placed)
