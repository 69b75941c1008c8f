"""`maan plan`: what the policy proposes today, and what it leaves alone and why."""

import shlex
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.app.cli import documents, several, wording
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.actions import Action
    from connector.core.findings import Attention
    from connector.flow.office import Administration
    from connector.flow.propose import Proposal

STEP_COLUMNS: Final = 18
"""A step such as `tweede-herinnering` is not broken off."""

_SHOWN: Final = 8


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `plan`."""

    @app.command("plan", help=shell.help("plan"))
    def plan(
        administrations: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('word_administration')}...",
                help=shell.help("plan.administrations"),
            ),
        ] = None,
        on: Annotated[
            date | None, typer.Option(parser=shell.day, help=shell.help("plan.on"))
        ] = None,
    ) -> None:
        _plan(shell, administrations or (), on)


def _plan(shell: Shell, names: Sequence[str], on: date | None) -> None:
    from connector.flow.propose import propose  # noqa: PLC0415

    def one(desk: "Administration") -> "Proposal":
        with shell.progress(shell.text("plan_busy", administration=desk.id)):
            made = propose(desk, on=on)
        assert made is not None  # only a look at what is due may find nothing to do
        return made

    with shell.office() as office:
        tried = several.try_each(office.administrations(names), one)
        shown = office.today
    done = several.results(tried)
    entries = [
        several.error_entry(shell, each, name="administration")
        if each.result is None
        else documents.plan_entry(shell, each.result)
        for each in tried
    ]
    payload = documents.one_or_many(entries, single=len(tried) == 1)
    shell.show(payload, lambda: _pages(shell, list(done.values()), today=shown))
    several.say_errors(shell, tried)
    raise shell.exit(several.gravest(several.error_codes(tried)))


def _pages(shell: Shell, plans: "Sequence[Proposal]", *, today: date) -> "RenderableType":
    parts = [part for made in plans for part in _page(shell, made)]
    alone = [
        action
        for made in plans
        for action in made.plan.actions
        if made.plan.on == today and made.statuses[action.id].value == "proposed"
        if action.approval.value == "individual"
    ]
    if alone:
        parts += [shell.text("plan_one_by_one", count=len(alone)), one_by_one(shell, alone)]
    return wording.page(*parts, _what_next(shell, plans, today))


def one_by_one(shell: Shell, actions: "Sequence[Action]") -> "RenderableType":
    """Return per action how to look at what goes out, and how to say yes to it."""
    lines = []
    for action in actions:
        ways = [look_line(shell, action), shell.text("approve_line", id=action.id[:_SHOWN])]
        name = wording.show(shell, action.party_name)
        head = f"{action.step}, {name}:"
        lines.append("\n".join([head, *(way for way in ways if way)]))
    return wording.bullets(lines, "-")


def look_line(shell: Shell, action: "Action") -> str | None:
    """Return the command that shows what goes out; None when nothing is written."""
    if action.kind.value == "hand_over":
        return shell.text("look_dossier", number=shlex.quote(action.items[0].number))
    if not action.kind.is_message:
        return None
    return shell.text("look_letter", step=action.step, ref=shlex.quote(action.party))


def _page(shell: Shell, made: "Proposal") -> "list[RenderableType]":
    text, plan = shell.text, made.plan
    data_from = made.data_from
    code = "plan_head" if data_from else "plan_head_unread"
    head = text(code, administration=plan.administration, on=plan.on, data_from=data_from)
    parts: list[RenderableType] = [wording.heading(head), ""]
    if plan.actions:
        parts += [text("plan_actions", count=len(plan.actions)), action_table(shell, made)]
    else:
        parts += [text("plan_no_actions"), ""]
    parts += _waived(shell, made)
    if plan.withheld:
        parts += [text("plan_withheld", count=len(plan.withheld)), _withheld_table(shell, made)]
    if plan.attention:
        parts.append(text("plan_attention", count=len(plan.attention)))
        parts.append(wording.bullets(_attention_line(shell, point) for point in plan.attention))
        parts.append("")
    return parts


def _waived(shell: Shell, made: "Proposal") -> "list[RenderableType]":
    """Return what the policy let go of interest and costs, in this plan."""
    gone = [one.charge for one in made.plan.charges if one.code == "charge_waived"]
    lines = [
        shell.text(
            "plan_waived",
            kind=wording.word(shell, "charge", one.kind),
            amount=one.left,
            number=wording.show(shell, one.number),
        )
        for one in gone
    ]
    return [*lines, ""] if lines else []


def _attention_line(shell: Shell, point: "Attention") -> str:
    about = " ".join(str(part) for part in (point.party, point.number) if part)
    text = documents.attention_entry(shell, point)["text"]
    return wording.show(shell, f"{about}: {text}" if about else text)


def action_table(shell: Shell, made: "Proposal") -> "RenderableType":
    """Return the actions of a plan as a table."""
    text = shell.text
    total = text("head_total")
    grid = shell.table(
        text("head_id"), text("head_debtor"), text("head_step"), text("head_items"), total,
        right=(total,),
    )  # fmt: skip
    grid.columns[2].min_width = STEP_COLUMNS
    for action in made.plan.actions:
        grid.add_row(*action_cells(shell, action, made.statuses[action.id]))
    return grid


def action_cells(shell: Shell, action: "Action", status: str) -> tuple[str, ...]:
    """Return the cells of an action: id with status, debtor, step with way, items, total."""
    via = wording.words(shell, "via", action.via) or wording.word(shell, "step", action.kind)
    numbers = ", ".join(item.number for item in action.items)
    standing = wording.word(shell, "status", status)
    if status == "proposed" and action.approval.value in ("individual", "shadow"):
        standing = wording.word(shell, "approval", action.approval)
    return (
        f"{action.id[:_SHOWN]}\n{standing}",
        wording.show(shell, action.party_name),
        f"{action.step}\n{via}",
        wording.show(shell, numbers),
        wording.show(shell, action.total),
    )


def _withheld_table(shell: Shell, made: "Proposal") -> "RenderableType":
    text = shell.text
    grid = shell.table(text("head_debtor"), text("head_number"), text("head_why"))
    for entry in made.plan.withheld:
        why = wording.reason_text(shell, entry.reason.code, entry.reason.facts)
        grid.add_row(
            wording.show(shell, entry.party_name),
            wording.show(shell, entry.number),
            wording.show(shell, why),
        )
    return grid


def _what_next(shell: Shell, plans: "Sequence[Proposal]", today: date) -> str:
    """Return the one line that says what to do now."""
    if any(made.plan.on != today for made in plans):
        return shell.text("next_only_shown")
    waiting = [
        action.approval.value
        for made in plans
        for action in made.plan.actions
        if made.statuses[action.id].value == "proposed"
    ]
    if "shadow" in waiting:
        return shell.text("next_shadow")
    if any(approval != "individual" for approval in waiting):
        return shell.text("next_approve_all")
    if waiting:
        return shell.text("next_approve_each")
    approved = any(s.value == "approved" for made in plans for s in made.statuses.values())
    return shell.text("next_act" if approved else "next_nothing")
