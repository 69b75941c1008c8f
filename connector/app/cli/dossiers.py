"""`maan dossier` and `maan journal`: handover, and the record of what happened."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import wording
from connector.app.cli.faults import DONE, WRONG
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.dossiers import SentDossier
    from connector.flow.look import Entry


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `dossier build`, `list`, `verify`, `deliver`, and `journal show`, `verify`."""
    _register_dossier(app, shell)
    journal = shell.group(app, "journal")

    @journal.command("show", help=shell.help("journal.show"))
    def show(
        administration: Annotated[
            str | None, typer.Option(help=shell.help("journal.show.administration"))
        ] = None,
        subject: Annotated[
            str | None, typer.Option(help=shell.help("journal.show.subject"))
        ] = None,
        last: Annotated[
            int | None, typer.Option(min=1, help=shell.help("journal.show.last"))
        ] = None,
    ) -> None:
        _show(shell, administration, subject, last)

    @journal.command("verify", help=shell.help("journal.verify"))
    def verify(
        administration: Annotated[
            str | None, typer.Option(help=shell.help("journal.verify.administration"))
        ] = None,
    ) -> None:
        _verify_journal(shell, administration)


def _register_dossier(app: typer.Typer, shell: Shell) -> None:
    dossier = shell.group(app, "dossier")
    path = shell.text("word_path")

    @dossier.command("build", help=shell.help("dossier.build"))
    def build(
        subject: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("head_number").upper(), help=shell.help("dossier.build.subject")
            ),
        ],
        output: Annotated[
            Path | None,
            typer.Option(
                metavar=shell.text("word_folder"), help=shell.help("dossier.build.output")
            ),
        ] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("dossier.build.administration"))
        ] = None,
    ) -> None:
        _build(shell, subject, administration, output)

    @dossier.command("list", help=shell.help("dossier.list"))
    def dossier_list(
        administration: Annotated[
            str | None, typer.Option(help=shell.help("dossier.list.administration"))
        ] = None,
    ) -> None:
        _list(shell, administration)

    @dossier.command("verify", help=shell.help("dossier.verify"))
    def verify(
        file: Annotated[Path, typer.Argument(metavar=path, help=shell.help("dossier.verify.file"))],
    ) -> None:
        _verify(shell, file)

    @dossier.command("deliver", help=shell.help("dossier.deliver"))
    def deliver(
        id_: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("head_id").upper(), help=shell.help("dossier.deliver.id")
            ),
        ],
    ) -> None:
        _deliver(shell, id_)


def _build(shell: Shell, subject: str, administration: str | None, output: Path | None) -> None:
    from connector.flow.dossiers import build  # noqa: PLC0415  # help does without

    with shell.office() as office:
        folder = output or office.settings.root / "outbox" / "dossiers"
        built = build(office, subject, administration, folder=folder, by=shell.actor)
    payload = {"file": built.file, "sha256": built.sha256, "absent": built.absent}

    def text() -> "RenderableType":
        parts: list[RenderableType] = [shell.text("dossier_built", file=built.file)]
        if built.absent:
            parts.append(shell.text("dossier_absent", count=len(built.absent)))
        return wording.page(*parts)

    shell.show(payload, text)


def _list(shell: Shell, administration: str | None) -> None:
    from connector.flow.dossiers import sent  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desks = office.administrations([administration] if administration else ())
        found = [one for desk in desks for one in sent(desk)]
    payload = {
        "dossiers": [
            {"administration": one.administration, "action": one.action.id,
             "debtor": one.action.action.party, "agency": one.agency, "sha256": one.sha256,
             "on": one.on, "status": one.status}
            for one in found
        ]
    }  # fmt: skip
    shell.show(payload, lambda: _table(shell, found) if found else shell.text("dossiers_none"))


def _table(shell: Shell, found: "list[SentDossier]") -> "RenderableType":
    amount = shell.text("head_total")
    names = ("id", "debtor", "agency", "at", "total", "status")
    grid = shell.table(*(shell.text(f"head_{name}") for name in names), right=(amount,))
    for one in found:
        action = one.action.action
        status = wording.word(shell, "status", one.status)
        cells = (action.id[:8], action.party_name, one.agency, one.on, action.total, status)
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    return grid


def _verify(shell: Shell, file: Path) -> None:
    from connector.core.dossier.verify import verify  # noqa: PLC0415  # help does without

    try:
        content = file.read_bytes()
    except OSError as error:
        raise RequestError("file_unreadable", file=file, reason=error.strerror) from error
    found = verify(content)
    faults = [
        {
            "code": fault.code,
            "where": fault.where,
            "text": shell.text(fault.code, where=fault.where),
        }
        for fault in found.faults
    ]
    payload = {"ok": found.ok, "id": found.dossier_id, "files": found.files, "faults": faults}

    def text() -> "RenderableType":
        if found.ok:
            return shell.text("dossier_ok", dossier_id=found.dossier_id, files=found.files)
        lines = [wording.show(shell, fault["text"]) for fault in faults]
        return wording.page(shell.text("dossier_unsound"), wording.bullets(lines))

    shell.show(payload, text)
    raise shell.exit(DONE if found.ok else WRONG)


def _deliver(shell: Shell, id_: str) -> None:
    from connector.flow.dossiers import deliver_again  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_action  # noqa: PLC0415

    with shell.office() as office:
        found = find_action(office, id_)
        built = deliver_again(found.desk, found.row)
    payload = {"action": found.row.id, "file": built.file, "sha256": built.sha256}
    shell.show(
        payload, lambda: shell.text("dossier_delivered", id=found.row.id[:8], file=built.file)
    )


def _show(shell: Shell, administration: str | None, subject: str | None, last: int | None) -> None:
    from connector.flow.look import journal_of  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desks = office.administrations([administration] if administration else ())
        found = {desk.id: journal_of(desk, subject)[-(last or 0) :] for desk in desks}
    payload = {
        "entries": [
            {"administration": name, "sequence": e.sequence, "at": e.at, "kind": e.kind,
             "subject": e.subject, "actor": e.actor, "payload": e.payload, "hash": e.hash}
            for name, entries in found.items()
            for e in entries
        ]
    }  # fmt: skip
    shell.show(payload, lambda: _journal_page(shell, found))


def _journal_page(shell: Shell, found: "dict[str, list[Entry]]") -> "RenderableType":
    from datetime import datetime  # noqa: PLC0415  # only a table needs it

    parts: list[RenderableType] = []
    sequence = shell.text("head_sequence")
    heads = (sequence, *(shell.text(f"head_{name}") for name in ("at", "what", "subject", "by")))
    for name, entries in found.items():
        if not entries:
            continue
        grid = shell.table(*heads, right=(sequence,))
        for entry in entries:
            at = datetime.fromisoformat(entry.at)
            what = wording.word(shell, "journal", entry.kind)
            cells = (entry.sequence, at, what, entry.subject, entry.actor)
            grid.add_row(*(wording.show(shell, cell) for cell in cells))
        parts += [wording.heading(name), grid]
    return wording.page(*parts) if parts else shell.text("journal_none")


def _verify_journal(shell: Shell, administration: str | None) -> None:
    from connector.flow.look import verify_journal  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desks = office.administrations([administration] if administration else ())
        found = {desk.id: verify_journal(desk) for desk in desks}
    each = [
        {"administration": name, "ok": one.ok, "entries": one.entries, "head": one.head}
        for name, one in found.items()
    ]
    whole = all(one.ok for one in found.values())
    payload: dict[str, object] = {
        "ok": whole,
        "entries": sum(one.entries for one in found.values()),
        "head": each[0]["head"] if len(each) == 1 else None,
        "administrations": each,
    }
    lines = [
        shell.text(
            "journal_ok" if one.ok else "journal_broken",
            administration=name,
            entries=one.entries,
            fault=one.fault,
        )
        for name, one in found.items()
    ]
    shell.show(payload, "\n".join(lines))
    raise shell.exit(DONE if whole else WRONG)
