"""`maan letter preview`, `attach` and `post`: what goes out on paper, and what goes with it."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import wording
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.preview import Preview


class Paper(StrEnum):
    """What can be attached to an invoice."""

    CONTRACT = "contract"
    TERMS = "terms"
    DELIVERY = "delivery"
    CORRESPONDENCE = "correspondence"
    DISPUTE = "dispute"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `letter preview`, `attach`, `post list` and `post sent`."""
    letter = shell.group(app, "letter")

    @letter.command("preview", help=shell.help("letter.preview"))
    def preview(
        step: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("head_step").upper(), help=shell.help("letter.preview.step")
            ),
        ],
        debtor: Annotated[str, typer.Option(help=shell.help("letter.preview.debtor"))],
        output: Annotated[
            Path | None,
            typer.Option(
                metavar=shell.text("word_folder"), help=shell.help("letter.preview.output")
            ),
        ] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("letter.preview.administration"))
        ] = None,
    ) -> None:
        _preview(shell, step, debtor, administration, output)

    @app.command("attach", help=shell.help("attach"))
    def attach(
        invoice: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("head_number").upper(), help=shell.help("attach.invoice")
            ),
        ],
        file: Annotated[
            Path, typer.Argument(metavar=shell.text("word_path"), help=shell.help("attach.file"))
        ],
        type_: Annotated[
            Paper,
            typer.Option(
                "--type", metavar=shell.text("head_kind").upper(), help=shell.help("attach.type")
            ),
        ],
        administration: Annotated[
            str | None, typer.Option(help=shell.help("attach.administration"))
        ] = None,
    ) -> None:
        _attach(shell, invoice, file, type_.value, administration)

    _register_post(app, shell)


def _register_post(app: typer.Typer, shell: Shell) -> None:
    post = shell.group(app, "post")

    @post.command("sent", help=shell.help("post.sent"))
    def sent(
        on: Annotated[
            date,
            typer.Argument(
                parser=shell.day, metavar=shell.text("word_date"), help=shell.help("post.sent.date")
            ),
        ],
        ids: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('head_id').upper()}...", help=shell.help("post.sent.ids")
            ),
        ] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("post.sent.administration"))
        ] = None,
    ) -> None:
        _sent(shell, on, ids or [], administration)

    @post.command("list", help=shell.help("post.list"))
    def post_list() -> None:
        _list(shell)


def _preview(
    shell: Shell, step: str, debtor: str, administration: str | None, output: Path | None
) -> None:
    from connector.flow.preview import preview  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_party  # noqa: PLC0415

    with shell.office() as office:
        found = find_party(office, debtor, administration)
        folder = output or office.settings.root / "outbox" / "preview"
        made = preview(found.desk, found.row.ref, step, folder=folder)
    action = made.action
    payload = {
        "administration": found.desk.id,
        "debtor": action.party,
        "step": action.step,
        "due": made.due,
        "via": made.via,
        "subject": made.subject,
        "items": [{"number": item.number, "open": item.open} for item in action.items],
        "total": action.total,
        "files": made.files,
    }
    shell.show(payload, lambda: _preview_page(shell, made))


def _preview_page(shell: Shell, made: "Preview") -> "RenderableType":
    text, action = shell.text, made.action
    name = wording.show(shell, action.party_name)
    numbers = [wording.show(shell, item.number) for item in action.items]
    parts: list[RenderableType] = [
        text("preview_head", step=action.step, name=name),
        text("preview_numbers", numbers=numbers, total=action.total),
    ]
    if made.via:
        parts.append(text("preview_via", via=wording.words(shell, "via", made.via)))
    else:
        parts.append(text("preview_no_address"))
    if not made.due:
        parts.append(text("preview_not_due"))
    parts += [text("preview_written"), *(f"  {file}" for file in made.files)]
    return wording.page(*parts)


def _attach(shell: Shell, invoice: str, file: Path, kind: str, administration: str | None) -> None:
    from connector.flow.mend import attach_file  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_item  # noqa: PLC0415

    with shell.office() as office:
        found = find_item(office, invoice, administration)
        done = attach_file(found.desk, found.row.id, file, kind, by=shell.actor)
    payload = {"administration": found.desk.id, "invoice": done.number, "type": done.type,
               "name": done.name, "sha256": done.sha256}  # fmt: skip
    shell.show(
        payload,
        lambda: shell.text(
            "attached",
            name=wording.show(shell, done.name),
            number=wording.show(shell, done.number),
            type=shell.text(f"type_{kind}"),
        ),
    )


def _sent(shell: Shell, on: date, ids: list[str], administration: str | None) -> None:
    from connector.flow.look import letters_of  # noqa: PLC0415  # help does without
    from connector.flow.mend import post_sent  # noqa: PLC0415
    from connector.flow.seek import find_action  # noqa: PLC0415

    moved: list[str] = []
    with shell.office() as office:
        if ids:
            found = [find_action(office, id_, administration) for id_ in ids]
            for name in dict.fromkeys(one.desk.id for one in found):
                own = [one.row.id for one in found if one.desk.id == name]
                desk = office.administration(name)
                moved += post_sent(desk, on, actions=own, by=shell.actor)
        else:
            only = [administration] if administration else ()
            desks = [desk for desk in office.administrations(only) if letters_of(desk)]
            for desk in desks:
                moved += post_sent(desk, on, by=shell.actor)
    payload = {"on": on, "actions": moved}
    if moved:
        shell.show(payload, lambda: shell.text("post_moved", count=len(moved), on=on))
    else:
        shell.show(payload, lambda: shell.text("post_none"))


def _list(shell: Shell) -> None:
    from connector.flow.look import letters_of  # noqa: PLC0415  # help does without

    with shell.office() as office:
        rows = [(desk.id, *pair) for desk in office.administrations() for pair in letters_of(desk)]
    payload = {
        "letters": [
            {"administration": name, "action": row.id, "debtor": row.action.party,
             "step": row.action.step, "address": letter.recipient, "on": letter.dispatched_on}
            for name, row, letter in rows
        ]
    }  # fmt: skip

    def text() -> "RenderableType":
        if not rows:
            return shell.text("post_none")
        heads = [shell.text(f"head_{name}") for name in ("id", "debtor", "step", "at")]
        grid = shell.table(*heads)
        for _, row, letter in rows:
            cells = (row.id[:8], row.action.party_name, row.action.step, letter.dispatched_on)
            grid.add_row(*(wording.show(shell, cell) for cell in cells))
        return grid

    shell.show(payload, text)
