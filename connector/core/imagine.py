"""What a step would be towards a debtor, due or not: for a preview, and for a dossier by hand."""

from collections.abc import Sequence

from connector.core.actions import Action
from connector.core.bundle import Draft, action_of
from connector.core.claiming import with_charges
from connector.core.findings import Claim, Debtor, Findings
from connector.core.netting import counted_credits, net
from connector.core.obstacles import desk_of
from connector.core.policy.model import Policy, Step
from connector.core.standing import settled


def imagine(
    findings: Findings, policy: Policy, debtor: Debtor, step: Step, claims: Sequence[Claim]
) -> Action | None:
    """Return the action that the step would be for these claims, due or not.

    With credits, interest and costs as of the day of the findings, about the claims past due, or
    all when none is, in the currency of the oldest. None when nothing is left to ask.
    """
    desk = desk_of(findings, policy, findings.today)
    desk.checks[debtor.party.ref] = None
    debtor = settled(desk, debtor)
    dated = [claim for claim in claims if claim.due is not None]
    late = [claim for claim in dated if claim.past_due] or dated
    if not late:
        return None
    currency = late[0].open.currency
    around = [claim for claim in debtor.claims if claim.open.currency == currency]
    netting = net(around, counted_credits(policy, debtor, currency))
    own = tuple(c for c in late if c.open.currency == currency and netting.of(c))
    if not own:
        return None
    tracks = [one for one in policy.tracks if step in one.ladder]
    track = next((one for one in tracks if one.name == debtor.track.name), tracks[0])
    draft = Draft(
        debtor=debtor,
        step=step,
        rung=track.ladder.index(step),
        claims=own,
        netting=netting,
        around=around,
        via=step.via,
        joined=frozenset(claim.item.id for claim in own),
    )
    return action_of(with_charges(desk, draft), policy, findings.snapshot.administration)
