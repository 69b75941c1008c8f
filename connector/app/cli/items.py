"""`maan item`: one item, and a person's correction of where it stands."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, explaining, wording
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.look import HoldRow, ItemRow
    from connector.flow.views import ItemView

_SHOWN = 8


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `item show` and `item set`."""
    item = shell.group(app, "item")
    number_word = shell.text("head_number").upper()

    @item.command("show", help=shell.help("item.show"))
    def show(
        number: Annotated[
            str, typer.Argument(metavar=number_word, help=shell.help("item.show.number"))
        ],
        administration: Annotated[
            str | None, typer.Option(help=shell.help("item.show.administration"))
        ] = None,
    ) -> None:
        _show(shell, number, administration)

    @item.command("set", help=shell.help("item.set"))
    def set_(
        number: Annotated[
            str, typer.Argument(metavar=number_word, help=shell.help("item.set.number"))
        ],
        reason: Annotated[str, typer.Option(help=shell.help("item.set.reason"))],
        step: Annotated[str | None, typer.Option(help=shell.help("item.set.step"))] = None,
        due: Annotated[
            date | None, typer.Option(parser=shell.day, help=shell.help("item.set.due"))
        ] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("item.set.administration"))
        ] = None,
    ) -> None:
        from connector.flow.mend import place_item  # noqa: PLC0415  # help does without
        from connector.flow.seek import find_item  # noqa: PLC0415

        with shell.office() as office:
            found = find_item(office, number, administration)
            row = place_item(
                found.desk, found.row.id, step=step, due=due, reason=reason, by=shell.actor
            )
        shell.show(_entry(row), lambda: shell.text("item_placed", number=row.number))


def _show(shell: Shell, number: str, administration: str | None) -> None:
    from connector.flow.seek import find_item  # noqa: PLC0415
    from connector.flow.views import item_view  # noqa: PLC0415  # help does without

    with shell.office() as office:
        found = find_item(office, number, administration)
        view = item_view(found.desk, found.row)
    shell.show(_view_entry(view), lambda: _page(shell, view))


def _entry(row: "ItemRow") -> dict[str, object]:
    position = row.position
    return documents.item_entry(row) | {
        "id": row.id,
        "ledger": row.ledger,
        "due_in_books": row.due_in_books,
        "cycle": row.cycle,
        "position": None if position is None else {
            "track": position.track, "step": position.step, "on": position.delivered_on,
            "deadline": position.deadline,
        },
        "reference": row.reference,
        "disputed": row.disputed,
        "direct_debit": row.direct_debit,
        "factored": row.factored,
        "handed_over": row.handed_over,
        "unreadable": row.unreadable,
    }  # fmt: skip


def _view_entry(view: "ItemView") -> dict[str, object]:
    return {"administration": view.administration, **_entry(view.row)} | {
        "history": [
            {"at": c.at, "what": c.kind, "before": c.before, "after": c.after, "cycle": c.cycle,
             "by": c.by, "reason": c.reason}
            for c in view.history
        ],
        "holds": [hold_entry(one) for one in view.holds],
        "actions": [
            {"id": a.id, "step": a.action.step, "status": a.status, "proposed_on": a.proposed_on,
             "delivered_on": a.delivered_on}
            for a in view.actions
        ],
        "attachments": [{"type": a.kind, "name": a.name, "sha256": a.sha256}
                        for a in view.attachments],
    }  # fmt: skip


def hold_entry(row: "HoldRow") -> dict[str, object]:
    """Return a hold beside what it is on, over or not."""
    return {
        "id": row.id,
        "reason": row.hold.reason,
        "until": row.hold.until,
        "amount": row.hold.amount,
        "owner": row.hold.owner or row.created_by,
        "answered_on": row.hold.answered_on,
        "lifted_at": row.lifted_at,
        "outcome": row.outcome,
    }


def _page(shell: Shell, view: "ItemView") -> "RenderableType":
    text, row = shell.text, view.row
    head = text(
        "item_head",
        document=wording.word(shell, "document", row.document).capitalize(),
        number=wording.show(shell, row.number),
        debtor=wording.show(shell, row.party_name),
        state=wording.word(shell, "state", row.state),
    )
    parts: list[RenderableType] = [
        wording.heading(head),
        text("item_amounts", issued=row.issued, due=row.due, total=row.total, open=row.open),
    ]
    if row.due != row.due_in_books:
        parts.append(text("item_due_corrected", due=row.due_in_books))
    parts += [_standing(shell, row), "", text("item_history"), _history(shell, view)]
    parts += _section(
        shell, "item_holds", [hold_line(shell, one) for one in view.holds if one.lifted_at is None]
    )
    actions = [
        f"{a.id[:_SHOWN]} {a.action.step}: {wording.word(shell, 'status', a.status)}"
        for a in view.actions
    ]
    parts += _section(shell, "item_actions", actions)
    attached = [f"{text(f'type_{a.kind}')}: {wording.show(shell, a.name)}"
                for a in view.attachments]  # fmt: skip
    parts += _section(shell, "item_attachments", attached)
    return wording.page(*parts, text("item_next", number=wording.show(shell, row.number)))


def _standing(shell: Shell, row: "ItemRow") -> str:
    position = row.position
    if position is None:
        return shell.text("item_no_position")
    return explaining.standing(shell, position)


def _section(shell: Shell, code: str, lines: Sequence[str]) -> "list[RenderableType]":
    return [shell.text(code), wording.bullets(lines, "-"), ""] if lines else []


def hold_line(shell: Shell, row: "HoldRow") -> str:
    """Return a hold on one line."""
    part = shell.text("hold_part", amount=row.hold.amount) if row.hold.amount else ""
    reason = wording.word(shell, "hold", row.hold.reason)
    return shell.text("hold_line", id=row.id, reason=reason, until=row.hold.until, part=part)


def _history(shell: Shell, view: "ItemView") -> "RenderableType":
    text = shell.text
    before, after = text("head_before"), text("head_after")
    heads = (text("head_at"), text("head_what"), before, after, text("head_by"), text("head_why"))
    grid = shell.table(*heads, right=(before, after))
    for change in view.history:
        what = wording.word(shell, "change", change.kind)
        cells = (change.at, what, change.before, change.after, change.by, change.reason)
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    return grid
