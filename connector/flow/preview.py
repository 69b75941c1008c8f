"""Preview: the mail and letter of a step as they would go out now; nothing is sent or stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from connector.core.actions import Action, Approval, PlannedItem, action_id
from connector.core.evaluate import evaluate
from connector.core.findings import Claim, Debtor
from connector.core.letters.render import browser_html
from connector.core.plan import plan
from connector.core.policy.model import ChannelName, Step, StepKind
from connector.core.routes import route
from connector.flow.office import Administration
from connector.flow.parcels import pdf_of, write
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import PartyRef

_NO_LETTER = (StepKind.CALL, StepKind.TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message that was written to be looked at.

    Attributes:
        due: Whether the plan has this very action today; else it is what it would look like.
        via: The ways it would go; empty when the debtor has no usable address.
    """

    action: Action
    due: bool
    via: tuple[ChannelName, ...]
    subject: str
    files: tuple[Path, ...]


def preview(desk: Administration, party: PartyRef, step: str, *, folder: Path) -> Preview:
    """Write text, HTML and PDF of a step to a debtor, due or not.

    Raises:
        RequestError: The debtor's track has no such step, it writes no letter, or nothing is open.
    """
    today, now = desk.office.today, desk.office.now
    with desk.office.store.unit(desk.id, reading=True) as unit:
        snapshot = unit.books.snapshot(desk.creditor, today)
        findings = evaluate(snapshot, desk.policy, desk.law, today)
        made = plan(findings, desk.policy, today)
        debtor = next((d for d in findings.debtors if d.party.ref == party), None)
        if debtor is None or not debtor.claims:
            raise RequestError("no_open_items", ref=party)
        found = _step(desk, debtor.track.name, step)
        planned = next((a for a in made.actions if a.party == party and a.step == found.step), None)
        via = planned.via if planned else route(found, debtor.party, snapshot.creditor)
        action = planned or imagined(desk.id, debtor, found, debtor.claims)
        shown = replace(action, via=via or found.via or (ChannelName.EMAIL,))
        letter = write(desk, unit, shown, now=now)
    pdf = pdf_of(desk, letter, now=now)
    name = f"{_plain(party)}-{found.step}"
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"txt": letter.text.encode(), "html": browser_html(letter).encode(), "pdf": pdf}
    files = []
    for kind, content in contents.items():
        files.append(folder / f"{name}.{kind}")
        files[-1].write_bytes(content)
    return Preview(
        action=action, due=planned is not None, via=via, subject=letter.subject, files=tuple(files)
    )


def _step(desk: Administration, track: str, name: str) -> Step:
    ladder = next(t.ladder for t in desk.policy.tracks if t.name == track)
    found = next((step for step in ladder if step.step == name), None)
    writes = ", ".join(step.step for step in ladder if step.do not in _NO_LETTER)
    if found is None:
        raise RequestError("step_unknown_in_policy", step=name, known=writes)
    if found.do in _NO_LETTER:
        raise RequestError("step_is_no_letter", step=name, known=writes)
    return found


def imagined(administration: str, debtor: Debtor, step: Step, among: Sequence[Claim]) -> Action:
    """Return the action that the step would be, about the claims past due, else all with a date.

    One currency only: that of the oldest invoice.

    Raises:
        RequestError: None of the claims has a due date (`no_open_items`).
    """
    late = [claim for claim in among if claim.past_due and claim.due is not None]
    claims = late or [claim for claim in among if claim.due is not None]
    if not claims:
        raise RequestError("no_open_items", ref=debtor.party.ref)
    currency = claims[0].open.currency
    own = [claim for claim in claims if claim.open.currency == currency]
    term = step.term_or_default if step.do.is_message else None
    items = tuple(_planned(claim, step) for claim in own)
    keys = [(item.id, item.cycle) for item in items]
    return Action(
        id=action_id(administration, debtor.party.ref, currency, step.step, keys),
        party=debtor.party.ref,
        party_name=debtor.party.name,
        track=debtor.track.name,
        step=step.step,
        kind=step.do,
        via=step.via,
        currency=currency,
        items=items,
        also_open=(),
        credits=(),
        total=_total(items, currency),
        approval=Approval.REQUIRED,
        term_days=term.days if term else None,
        term_business=bool(term and term.business),
        to=step.to,
        why=step.why,
        first_message=all(claim.item.last_demand_on is None for claim in own),
        before_due=not late,
    )


def _planned(claim: Claim, step: Step) -> PlannedItem:
    nothing = Money.zero(claim.open.currency)
    assert claim.due is not None
    return PlannedItem(
        id=claim.item.id,
        number=claim.item.number,
        step=step.step,
        cycle=claim.item.cycle,
        issued=claim.item.issued,
        due=claim.due,
        open=claim.open,
        interest=nothing,
        costs=nothing,
    )


def _total(items: Sequence[PlannedItem], currency: str) -> Money:
    return sum((item.open for item in items), start=Money.zero(currency))


def _plain(ref: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in ref)
