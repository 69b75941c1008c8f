"""Preview: the mail and letter of a step as they would go out now; nothing is sent or stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from connector.core.actions import Action
from connector.core.evaluate import evaluate
from connector.core.findings import Claim, Debtor, Findings
from connector.core.imagine import imagine
from connector.core.letters.render import browser_html
from connector.core.plan import plan
from connector.core.policy.model import ChannelName, Step, StepKind
from connector.core.routes import route
from connector.core.snapshot import Creditor
from connector.flow.office import Administration
from connector.flow.parcels import pdf_of, write
from connector.port.errors import RequestError
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
        RequestError: The debtor's track has no such step, it writes no letter, or nothing is open;
            `track_gone`: the policy has the debtor's track no more.
    """
    today, now = desk.office.today, desk.office.now
    with desk.office.store.unit(desk.id, reading=True) as unit:
        snapshot = unit.books.snapshot(desk.creditor, today)
        findings = evaluate(snapshot, desk.policy, desk.law, today)
        made = plan(findings, desk.policy, today)
        debtor = next((d for d in findings.debtors if d.party.ref == party), None)
        if debtor is None or not debtor.claims:
            raise RequestError("no_open_items", ref=party)
        found = _step(desk, debtor, step)
        planned = next((a for a in made.actions if a.party == party and a.step == found.step), None)
        via = planned.via if planned else _route(found, debtor, snapshot.creditor)
        action = planned or imagined(desk, findings, debtor, found, debtor.claims)
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


def _route(step: Step, debtor: Debtor, creditor: Creditor) -> tuple[ChannelName, ...]:
    remindable = all(claim.item.remindable for claim in debtor.claims)
    return route(step, debtor.party, creditor, remindable=remindable)


def _step(desk: Administration, debtor: Debtor, name: str) -> Step:
    track = debtor.track.name
    ladder = next((t.ladder for t in desk.policy.tracks if t.name == track), None)
    if ladder is None:
        raise RequestError("track_gone", ref=debtor.party.ref, track=track)
    found = next((step for step in ladder if step.step == name), None)
    writes = ", ".join(step.step for step in ladder if step.do not in _NO_LETTER)
    if found is None:
        raise RequestError("step_unknown_in_policy", step=name, known=writes)
    if found.do in _NO_LETTER:
        raise RequestError("step_is_no_letter", step=name, known=writes)
    return found


def imagined(
    desk: Administration, findings: Findings, debtor: Debtor, step: Step, among: Sequence[Claim]
) -> Action:
    """Return the action that the step would be today, with all that it would claim.

    Raises:
        RequestError: Nothing is left to ask of these claims (`no_open_items`).
    """
    made = imagine(findings, desk.policy, debtor, step, among)
    if made is None:
        raise RequestError("no_open_items", ref=debtor.party.ref)
    return made


def _plain(ref: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in ref)
