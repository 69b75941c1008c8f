"""`maan actions`, `approve` and `reject`: the queue, and what a person says about it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, planning, several, wording
from connector.app.cli.faults import DONE, WRONG
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.actions import Action, ActionStatus
    from connector.flow.approve import Left
    from connector.flow.look import ActionRow, DeliveryRow
    from connector.flow.office import Administration, Office

_SHOWN = 8
_STILL_TO_GO = ("proposed", "approved", "failed")


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `actions` with what follows it, `approve` and `reject`."""
    _register_actions(app, shell)

    @app.command("approve", help=shell.help("approve"))
    def approve(
        ids: Annotated[
            list[str] | None,
            typer.Argument(metavar=f"{shell.text('head_id').upper()}...",
                           help=shell.help("approve.ids")),
        ] = None,
        all_: Annotated[bool, typer.Option("--all", help=shell.help("approve.all"))] = False,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("approve.administration"))
        ] = None,
    ) -> None:  # fmt: skip
        if bool(ids) == all_ and not all_:
            raise RequestError("approve_what")
        if all_:
            _approve_all(shell, [*(ids or ()), *([administration] if administration else ())])
        else:
            _approve(shell, ids or (), administration)

    @app.command("reject", help=shell.help("reject"))
    def reject(
        id_: Annotated[
            str, typer.Argument(metavar=shell.text("head_id").upper(), help=shell.help("reject.id"))
        ],
        reason: Annotated[str, typer.Option(help=shell.help("reject.reason"))],
    ) -> None:
        from connector.flow.approve import reject as say_no  # noqa: PLC0415  # help does without

        if not reason.strip():
            raise RequestError("reason_needed")
        by = shell.actor
        _one(shell, id_, lambda desk, key: say_no(desk, key, reason, by=by), "action_rejected")


def _register_actions(app: typer.Typer, shell: Shell) -> None:
    actions = typer.Typer(help=shell.help("actions"), invoke_without_command=True)
    app.add_typer(actions, name="actions")
    key = shell.text("head_id").upper()

    @actions.callback()
    def queue(
        context: typer.Context,
        status: Annotated[str | None, typer.Option(help=shell.help("actions.status"))] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("actions.administration"))
        ] = None,
    ) -> None:
        if context.invoked_subcommand is None:
            _queue(shell, status, administration)

    @actions.command("show", help=shell.help("actions.show"))
    def show(
        id_: Annotated[str, typer.Argument(metavar=key, help=shell.help("actions.show.id"))],
    ) -> None:
        _show(shell, id_)

    @actions.command("resolve", help=shell.help("actions.resolve"))
    def resolve(
        id_: Annotated[str, typer.Argument(metavar=key, help=shell.help("actions.resolve.id"))],
        sent: Annotated[
            bool, typer.Option("--sent", help=shell.help("actions.resolve.sent"))
        ] = False,
        not_sent: Annotated[
            bool, typer.Option("--not-sent", help=shell.help("actions.resolve.not_sent"))
        ] = False,
    ) -> None:
        from connector.flow import approve  # noqa: PLC0415  # help does without

        if sent == not_sent:
            raise RequestError("choose_sent")
        by, code = shell.actor, "action_resolved_sent" if sent else "action_resolved_not_sent"
        _one(shell, id_, lambda desk, key: approve.resolve(desk, key, sent=sent, by=by), code)

    @actions.command("undelivered", help=shell.help("actions.undelivered"))
    def undelivered(
        id_: Annotated[str, typer.Argument(metavar=key, help=shell.help("actions.undelivered.id"))],
    ) -> None:
        from connector.flow import approve  # noqa: PLC0415  # help does without

        by = shell.actor
        _one(
            shell, id_, lambda desk, key: approve.undelivered(desk, key, by=by),
            "action_undelivered",
        )  # fmt: skip

    @actions.command("retry", help=shell.help("actions.retry"))
    def retry(
        id_: Annotated[str, typer.Argument(metavar=key, help=shell.help("actions.retry.id"))],
    ) -> None:
        from connector.flow import approve  # noqa: PLC0415  # help does without

        by = shell.actor
        _one(shell, id_, lambda desk, key: approve.retry(desk, key, by=by), "action_again")


def _one(
    shell: Shell, id_: str, do: "Callable[[Administration, str], ActionRow]", code: str
) -> None:
    """Do something to one action, wherever it is, and show how it stands now."""
    from connector.flow.seek import find_action  # noqa: PLC0415

    with shell.office() as office:
        found = find_action(office, id_)
        row = do(found.desk, found.row.id)
    if code == "action_again":
        code = f"{code}_{row.status.value}"
    shell.show(documents.row_entry(shell, row), lambda: shell.text(code, id=row.id[:_SHOWN]))


def _queue(shell: Shell, status: str | None, administration: str | None) -> None:
    from connector.flow.look import queue_of  # noqa: PLC0415  # help does without

    wanted = None if status is None else [_status(status)]
    with shell.office() as office:
        desks = office.administrations([administration] if administration else ())
        rows = [(desk.id, row) for desk in desks for row in queue_of(desk, wanted)]
        several_desks = len(desks) > 1
    payload = {
        "actions": [
            {"administration": name, **documents.row_entry(shell, row)} for name, row in rows
        ]
    }
    none = "actions_none" if status is None else "actions_none_such"

    def text() -> "RenderableType":
        if not rows:
            return shell.text(none)
        return _queue_page(shell, rows, several_desks=several_desks)

    shell.show(payload, text)


def _status(text: str) -> "ActionStatus":
    from connector.core.actions import ActionStatus  # noqa: PLC0415  # help does without

    try:
        return ActionStatus(text.strip().lower())
    except ValueError:
        allowed = ", ".join(ActionStatus)
        raise RequestError("bad_status", found=text, allowed=allowed) from None


def _queue_page(
    shell: Shell, rows: "Sequence[tuple[str, ActionRow]]", *, several_desks: bool
) -> "RenderableType":
    text = shell.text
    heads = [text(f"head_{name}") for name in ("id", "debtor", "step", "items", "total")]
    if several_desks:
        heads.insert(0, text("head_administration"))
    grid = shell.table(*heads, right=(text("head_total"),))
    grid.columns[heads.index(text("head_step"))].min_width = planning.STEP_COLUMNS
    for name, row in rows:
        cells = planning.action_cells(shell, row.action, row.status)
        grid.add_row(*((name, *cells) if several_desks else cells))
    return wording.page(grid, text("actions_next"))


def _show(shell: Shell, id_: str) -> None:
    from connector.flow.look import deliveries_of  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_action  # noqa: PLC0415

    with shell.office() as office:
        found = find_action(office, id_)
        row, sent = found.row, deliveries_of(found.desk, found.row.id)
    payload = {
        "administration": found.desk.id,
        **documents.row_entry(shell, row),
        "deliveries": [delivery_entry(one) for one in sent],
    }
    shell.show(payload, lambda: _action_page(shell, row, sent))


def delivery_entry(row: "DeliveryRow") -> dict[str, object]:
    """Return one channel of an action."""
    names = ("channel", "status", "recipient", "reply", "document", "dispatched_on",
             "received_on", "attempts", "next_attempt_at", "error")  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _action_page(shell: Shell, row: "ActionRow", sent: "Sequence[DeliveryRow]") -> "RenderableType":
    text, action = shell.text, row.action
    amount, due = text("head_open"), text("head_due")
    grid = shell.table(text("head_number"), text("head_step"), due, amount, right=(amount,))
    for item in action.items:
        grid.add_row(
            wording.show(shell, item.number), item.step, wording.show(shell, item.due),
            wording.show(shell, item.open),
        )  # fmt: skip
    lines = [wording.reason_text(shell, r.code, r.facts) for r in action.reasons]
    ended = documents.row_entry(shell, row)["ended"]
    if isinstance(ended, dict):
        lines.append(str(ended["text"]))
    debtor = wording.show(shell, action.party_name)
    standing = wording.word(shell, "status", row.status)
    head = text("action_head", id=row.id, step=action.step, debtor=debtor, standing=standing)
    parts: list[RenderableType | None] = [wording.heading(head), grid]
    parts += [
        text("action_credits", number=wording.show(shell, c.number), amount=c.amount)
        for c in action.credits
    ]
    parts += [f"{text('head_total')}: {wording.show(shell, action.total)}", ""]
    if action.also_open:
        parts.append(text("action_also_open", numbers=[also.number for also in action.also_open]))
    parts += [text("action_reasons"), wording.bullets(lines, "-")]
    if sent:
        deliveries = [_delivery_line(shell, one) for one in sent]
        parts += ["", text("action_deliveries"), wording.bullets(deliveries, "-")]
    if row.status.value in _STILL_TO_GO:
        parts += ["", planning.look_line(shell, action)]
    if row.status.value == "proposed" and action.approval.value != "shadow":
        parts.append(text("approve_line", id=row.id[:_SHOWN]))
    return wording.page(*parts)


def _delivery_line(shell: Shell, row: "DeliveryRow") -> str:
    line = shell.text(
        "action_delivery",
        via=wording.word(shell, "via", row.channel),
        status=wording.word(shell, "status", row.status),
        recipient=row.recipient,
        on=row.dispatched_on,
    )
    if row.error:
        line += f". {wording.reason_text(shell, row.error, {'reply': row.reply or ''})}"
    return wording.show(shell, line)


def _approve(shell: Shell, ids: Sequence[str], administration: str | None) -> None:
    """Approve these; all ids are looked up before anything is approved."""
    from connector.flow.approve import approve  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_action  # noqa: PLC0415

    approved: list[str] = []
    left: list[Left] = []
    with shell.office() as office:
        found = [find_action(office, id_, administration) for id_ in dict.fromkeys(ids)]
        for desk in dict.fromkeys(one.desk.id for one in found):
            own = [one.row.id for one in found if one.desk.id == desk]
            done = approve(office.administration(desk), own, by=shell.actor)
            approved += done.approved
            left += done.left
    _show_approved(shell, approved, left)
    raise shell.exit(WRONG if left else DONE)


def _approve_all(shell: Shell, names: Sequence[str]) -> None:
    from connector.flow.approve import approve  # noqa: PLC0415  # help does without
    from connector.flow.look import queue_of  # noqa: PLC0415

    with shell.office() as office:
        desks = _desks(office, names)
        tried = several.try_each(desks, lambda desk: approve(desk, by=shell.actor))
        waiting = [row.action for desk in desks for row in queue_of(desk, [_status("proposed")])]
    done = several.results(tried).values()
    approved = [id_ for one in done for id_ in one.approved]
    _show_approved(shell, approved, [left for one in done for left in one.left], waiting)
    several.say_errors(shell, tried)
    raise shell.exit(several.gravest(several.error_codes(tried)))


def _desks(office: "Office", names: Sequence[str]) -> "list[Administration]":
    return office.administrations(list(dict.fromkeys(names)))


def _show_approved(
    shell: Shell,
    approved: Sequence[str],
    left: "Sequence[Left]",
    waiting: "Sequence[Action]" = (),
) -> None:
    entries = [{"id": one.id, **wording.coded(shell, one.code, one.facts)} for one in left]
    payload = {"approved": approved, "left": entries}

    def text() -> "RenderableType":
        parts: list[RenderableType] = []
        if approved:
            parts.append(shell.text("approved_count", count=len(approved)))
        alone = [one.id for one in left if one.code == "seen_one_by_one"]
        lines = [
            f"{str(one['id'])[:_SHOWN]}: {one['text']}" for one in entries if one["id"] not in alone
        ]
        if lines:
            parts += [shell.text("approved_left", count=len(lines)), wording.bullets(lines, "-")]
        if alone:
            shown = [action for action in waiting if action.id in alone]
            parts.append(shell.text("approved_one_by_one", count=len(alone)))
            parts.append(planning.one_by_one(shell, shown))
        if not parts:
            parts.append(shell.text("approved_none"))
        if approved:
            parts.append(shell.text("approved_next"))
        return wording.page(*parts)

    shell.show(payload, text)
