"""`maan explain`: why something happens to an invoice or a customer, or why it does not."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, wording
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import Document, Ledger, PartyRef

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.snapshot import HoldReason, Position
    from connector.flow.look import ActionRow, ItemRow
    from connector.flow.office import Administration, Office
    from connector.flow.story import ClaimStory, Story

_SHOWN = 8


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `explain`."""

    @app.command("explain", help=shell.help("explain"))
    def explain(
        subject: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("head_number").upper(), help=shell.help("explain.subject")
            ),
        ],
        on: Annotated[
            date | None, typer.Option(parser=shell.day, help=shell.help("explain.on"))
        ] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("explain.administration"))
        ] = None,
    ) -> None:
        from connector.flow.story import tell  # noqa: PLC0415  # help does without

        with shell.office() as office:
            desk, party, item = _find(office, subject, administration)
            story = tell(desk, party, item=item, on=on)
        shell.show(_entry(shell, story), lambda: _page(shell, story))


def _find(
    office: "Office", subject: str, administration: str | None
) -> "tuple[Administration, PartyRef, ItemRow | None]":
    """Return the invoice of this number, else the party of this number or name."""
    from connector.flow.seek import find_item, find_party  # noqa: PLC0415  # help does without

    try:
        item = find_item(office, subject, administration)
    except RequestError as error:
        if error.code != "number_unknown":
            raise
    else:
        if item.row.ledger is Ledger.RECEIVABLE or not _is_party(office, subject, administration):
            return item.desk, item.row.party, item.row
    try:
        party = find_party(office, subject, administration)
    except RequestError as error:
        if error.code != "ref_unknown":
            raise
        raise RequestError("subject_unknown", subject=subject) from error
    return party.desk, party.row.ref, None


def _is_party(office: "Office", subject: str, administration: str | None) -> bool:
    from connector.flow.seek import find_party  # noqa: PLC0415  # help does without

    try:
        return find_party(office, subject, administration).row.ref == subject
    except RequestError:
        return False


def _entry(shell: Shell, story: "Story") -> dict[str, object]:
    return {
        "administration": story.administration,
        "on": story.on,
        "debtor": documents.debtor(story.party, story.party_name),
        "kind": story.kind,
        "track": story.track,
        "invoices": [
            *(_claim_entry(shell, story, claim) for claim in story.claims),
            *(documents.item_entry(row) | {"sentences": [_closed(shell, row)]}
              for row in story.closed),
        ],
        "credits": [
            {"number": credit.number, "document": credit.document, "amount": -credit.open}
            for credit in story.credits
        ],
        "attention": [documents.attention_entry(shell, point) for point in story.attention],
        "moment": [wording.coded(shell, r.code, r.facts) for r in story.moment],
    }  # fmt: skip


def _claim_entry(shell: Shell, story: "Story", claim: "ClaimStory") -> dict[str, object]:
    row, next_ = claim.row, claim.next
    position = row.position
    return documents.item_entry(row) | {
        "due": claim.due,
        "asked": claim.asked,
        "cycle": row.cycle,
        "position": None if position is None else {
            "track": position.track, "step": position.step, "on": position.delivered_on,
            "deadline": position.deadline,
        },
        "next": None if next_ is None else {
            "step": next_.step, "kind": next_.kind, "on": next_.on, "reached": next_.reached,
        },
        "reasons": [wording.reason_entry(shell, r.code, r.facts) for r in claim.reasons],
        "holds": [
            {"id": one.id, "reason": one.hold.reason, "until": one.hold.until,
             "amount": one.hold.amount, "effect": _effect(one.hold.reason)}
            for one in claim.holds
        ],
        "action": None if claim.proposed is None else {
            "id": claim.proposed.id, "step": claim.proposed.step,
            "reasons": [wording.reason_entry(shell, r.code, r.facts)
                        for r in claim.proposed.reasons],
        },
        "live": [{"id": one.id, "step": one.action.step, "status": one.status}
                 for one in claim.live],
        "sentences": list(_sentences(shell, story, claim)),
    }  # fmt: skip


def _page(shell: Shell, story: "Story") -> "RenderableType":
    text = shell.text
    name = wording.show(shell, story.party_name)
    head = text("explain_head", debtor=name, ref=story.party, on=story.on)
    parts: list[RenderableType] = [wording.heading(head)]
    if story.track is not None:
        kind = wording.word(shell, "debtor", story.kind)
        parts.append(text("explain_kind", kind=kind, track=story.track))
    elif story.kind is not None:
        parts.append(text("explain_kind_only", kind=wording.word(shell, "debtor", story.kind)))
    for claim in story.claims:
        code = "explain_claim" if claim.due else "explain_claim_undated"
        code = "explain_claim_late" if claim.due and claim.due < story.on else code
        number = wording.show(shell, claim.row.number)
        parts += ["", text(code, number=number, open=claim.row.open, due=claim.due)]
        parts.append(wording.bullets(_sentences(shell, story, claim), "-"))
    parts += [_closed(shell, row) for row in story.closed]
    if not story.claims and not story.closed:
        parts.append(text("explain_nothing_open"))
    if story.credits:
        parts.append("")
    parts += [
        text("explain_credit", number=wording.show(shell, credit.number), amount=-credit.open)
        for credit in story.credits
    ]
    said = {reason.code for claim in story.claims for reason in claim.reasons}
    about_debtor = [
        point for point in story.attention if point.number is None and point.code not in said
    ]
    if about_debtor:
        lines = [str(documents.attention_entry(shell, point)["text"]) for point in about_debtor]
        parts += ["", wording.bullets(lines)]
    return wording.page(*parts)


def _closed(shell: Shell, row: "ItemRow") -> str:
    number = wording.show(shell, row.number)
    if row.ledger is Ledger.PAYABLE:
        return shell.text("explain_payable", number=number)
    if row.state.value == "open" and row.document is not Document.INVOICE:
        return shell.text("explain_no_claim", number=number)
    state = wording.word(shell, "state", row.state)
    code = "explain_closed" if row.closed_on else "explain_closed_undated"
    return shell.text(code, number=number, state=state, on=row.closed_on)


def _sentences(shell: Shell, story: "Story", claim: "ClaimStory") -> Iterator[str]:
    """Tell of one invoice: where it stands, what comes next and when, and what keeps it."""
    yield from _where(shell, claim)
    if claim.asked != claim.row.open and claim.asked > Money.zero(claim.asked.currency):
        yield shell.text("explain_part", asked=claim.asked)
    next_ = claim.next
    if next_ is not None and not claim.live:
        code = "explain_next_reached" if next_.reached else "explain_next_early"
        kind = wording.word(shell, "step", next_.kind)
        step = next_.step if kind == next_.step else f"{next_.step} ({kind})"
        yield shell.text(code, step=step, on=next_.on)
    for reason in claim.reasons:
        said = wording.reason_text(shell, reason.code, reason.facts)
        yield shell.text("explain_withheld", text=wording.show(shell, said))
    for held in dict.fromkeys(one.hold.reason.value for one in claim.holds):
        yield shell.text(f"stop_{held}")
    if claim.proposed is not None:
        yield from _proposed(shell, claim)
    for row in claim.live:
        yield from _live(shell, story, row)


def _effect(reason: "HoldReason") -> dict[str, object]:
    """Return what the hold stops, what interest does, and what comes after it, as codes."""
    from connector.core.law.stops import stop_effect  # noqa: PLC0415  # help does without

    effect = stop_effect(reason)
    return {
        "messages": effect.messages, "handover": effect.handover, "costs": effect.costs,
        "interest": effect.interest, "afterwards": effect.afterwards,
        "write_to": effect.write_to, "article": effect.article,
    }  # fmt: skip


def _where(shell: Shell, claim: "ClaimStory") -> Iterator[str]:
    """Tell what was sent about it, by maan and by the package itself."""
    position, reminded_on = claim.row.position, claim.row.reminded_on
    yield shell.text("explain_first") if position is None else standing(shell, position)
    if reminded_on is not None:
        yield shell.text("explain_reminded", on=reminded_on)


def standing(shell: Shell, position: "Position") -> str:
    """Return where an item stands; a term that was over before the step is not the step's."""
    runs = position.deadline is not None and position.deadline >= position.delivered_on
    return shell.text(
        "item_position" if runs else "item_position_no_term",
        step=position.step,
        track=position.track,
        on=position.delivered_on,
        deadline=position.deadline,
    )


def _proposed(shell: Shell, claim: "ClaimStory") -> Iterator[str]:
    action = claim.proposed
    assert action is not None
    others = [item.number for item in action.items if item.id != claim.row.id]
    code = "explain_proposed" if others else "explain_proposed_alone"
    yield shell.text(code, id=action.id[:_SHOWN], step=action.step, numbers=others)
    for reason in action.reasons:
        yield wording.reason_text(shell, reason.code, reason.facts)


def _live(shell: Shell, story: "Story", row: "ActionRow") -> Iterator[str]:
    """Tell of an action in the ledger, and what it waits for."""
    status = wording.word(shell, "status", row.status)
    short = row.id[:_SHOWN]
    yield shell.text("explain_live", id=short, step=row.action.step, status=status)
    match row.status.value:
        case "proposed":
            yield shell.text("explain_waits_approval", id=short)
        case "approved" if story.moment:
            yield shell.text("explain_waits_moment")
            for reason in story.moment:
                yield wording.reason_text(shell, reason.code, reason.facts)
        case "approved":
            yield shell.text("explain_waits_act")
        case _:
            return
