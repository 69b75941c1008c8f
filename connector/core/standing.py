"""What a debtor stands at before anything is asked: its charges settled, its credits counted."""

from connector.core.charges import ChargeState
from connector.core.days import shifted
from connector.core.findings import Debtor
from connector.core.netting import without
from connector.core.obstacles import Desk, attend, look_again
from connector.core.settling import settle


def settled(desk: Desk, debtor: Debtor) -> Debtor:
    """Settle the debtor's charges; return it without the money that paid them."""
    ref = debtor.party.ref
    if not desk.snapshot.charges.get(ref):
        return debtor
    done = settle(desk.snapshot, debtor, policy=desk.policy, law=desk.law, today=desk.today)
    desk.settled[ref] = done
    for code, subject, facts in done.points:
        attend(desk, debtor, code, facts, about=subject)
    notices = desk.snapshot.notices.get(ref, ())
    for notice in notices:
        look_again(desk, debtor, notice.effect_from)
    over = {notice.action for notice in notices if notice.effect_from <= desk.today}
    waiting = (one for one in done.charges.values() if one.state is ChargeState.ANNOUNCED)
    if any(one.action in over for one in waiting):
        look_again(desk, debtor, shifted(desk.today, 1))  # fresh books alone touch nobody
    return without(debtor, done.placed)
