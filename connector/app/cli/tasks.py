"""`maan attention` and `maan task`: what needs a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, wording
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.reasons import Reason
    from connector.flow.look import TaskRow
    from connector.flow.office import Office
    from connector.flow.seek import Found


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `attention`, `task list` and `task done`."""

    @app.command("attention", help=shell.help("attention"))
    def attention(
        administrations: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('word_administration')}...",
                help=shell.help("attention.administrations"),
            ),
        ] = None,
    ) -> None:
        _attention(shell, administrations or ())

    task = shell.group(app, "task")

    @task.command("list", help=shell.help("task.list"))
    def task_list(
        administration: Annotated[
            str | None, typer.Option(help=shell.help("task.list.administration"))
        ] = None,
    ) -> None:
        _tasks(shell, [administration] if administration else ())

    @task.command("done", help=shell.help("task.done"))
    def done(
        id_: Annotated[
            str,
            typer.Argument(metavar=shell.text("head_id").upper(), help=shell.help("task.done.id")),
        ],
        outcome: Annotated[str, typer.Option(help=shell.help("task.done.outcome"))],
    ) -> None:
        _done(shell, id_, outcome)


def _attention(shell: Shell, names: Sequence[str]) -> None:
    """Show what holds everything up, then the points of attention and the tasks."""
    from connector.flow.look import attention_of, tasks_of  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desks = office.administrations(names)
        blocking = [(desk.id, reason) for desk in desks for reason in attention_of(desk)]
        rows = [
            (desk.id, row)
            for desk in desks
            for row in (*tasks_of(desk, attention=True), *tasks_of(desk, attention=False))
        ]
    entries: list[dict[str, object]] = [
        {"id": None, "administration": name, "kind": "books", "code": reason.code, "debtor": None,
         "number": None, "due": None, "text": wording.reason_text(shell, reason.code, reason.facts)}
        for name, reason in blocking
    ]  # fmt: skip
    entries += [documents.task_entry(shell, row, name) for name, row in rows]
    shell.show({"attention": entries}, lambda: _attention_page(shell, blocking, rows))


def _attention_page(
    shell: Shell,
    blocking: "Sequence[tuple[str, Reason]]",
    rows: "Sequence[tuple[str, TaskRow]]",
) -> "RenderableType":
    if not blocking and not rows:
        return shell.text("attention_none")
    lines = [
        f"{name}: {wording.reason_text(shell, reason.code, reason.facts)}"
        for name, reason in blocking
    ]
    parts: list[RenderableType] = [wording.bullets(lines), ""] if lines else []
    if rows:
        of_holds = any(row.code == "hold_ended" for _, row in rows)
        parts += [_table(shell, rows), shell.text("attention_next")]
        parts += [shell.text("attention_next_hold")] if of_holds else []
    return wording.page(*parts)


def _tasks(shell: Shell, names: Sequence[str]) -> None:
    from connector.flow.look import tasks_of  # noqa: PLC0415  # help does without

    with shell.office() as office:
        rows = [
            (desk.id, row)
            for desk in office.administrations(names)
            for row in tasks_of(desk, attention=False)
        ]
    payload = {"tasks": [documents.task_entry(shell, row, name) for name, row in rows]}

    def text() -> "RenderableType":
        if not rows:
            return shell.text("tasks_none")
        return wording.page(_table(shell, rows), shell.text("attention_next"))

    shell.show(payload, text)


def _table(shell: Shell, rows: "Sequence[tuple[str, TaskRow]]") -> "RenderableType":
    text = shell.text
    heads = [text(f"head_{name}") for name in ("id", "debtor", "number", "what")]
    grid = shell.table(*heads)
    for name, row in rows:
        entry = documents.task_entry(shell, row, name)
        cells = (entry["id"], entry["debtor"], entry["number"], entry["text"])
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    return grid


def _done(shell: Shell, id_: str, outcome: str) -> None:
    from connector.flow.approve import finish_task  # noqa: PLC0415  # help does without

    if not outcome.strip():
        raise RequestError("reason_needed")
    with shell.office() as office:
        found = _find(office, id_)
        if found.row.code == "hold_ended":
            hold = found.row.subject.removeprefix("hold:")
            raise RequestError("task_of_hold", hold=hold)
        finish_task(found.desk, found.row.id, outcome, by=shell.actor)
    entry = documents.task_entry(shell, found.row, found.desk.id) | {"outcome": outcome}
    shell.show(entry, lambda: shell.text("task_done", text=outcome))


def _find(office: "Office", key: str) -> "Found[TaskRow]":
    """Return the task of that id, or the one that the action of that id asked for."""
    from connector.flow.look import tasks_of  # noqa: PLC0415  # help does without
    from connector.flow.seek import Found, find_action, find_task  # noqa: PLC0415

    try:
        return find_task(office, key)
    except RequestError as error:
        if error.code != "task_unknown":
            raise
        try:
            action = find_action(office, key)
        except RequestError:
            raise error from None
        own = [t for t in tasks_of(action.desk, attention=False) if t.subject == action.row.id]
        if not own:
            raise
        return Found(action.desk, own[0])
