"""`maan act`: what is approved and allowed now leaves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, several, wording
from connector.app.cli.faults import WRONG
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.act import Acted, Stayed
    from connector.flow.deliver import Outcome
    from connector.flow.office import Administration

_SHOWN = 8


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `act`."""

    @app.command("act", help=shell.help("act"))
    def act(
        administrations: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('word_administration')}...",
                help=shell.help("act.administrations"),
            ),
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=shell.help("act.dry_run"))] = False,
    ) -> None:
        _act(shell, administrations or (), dry_run=dry_run)


def _act(shell: Shell, names: Sequence[str], *, dry_run: bool) -> None:
    from connector.flow.act import act  # noqa: PLC0415  # help does without

    def one(desk: "Administration") -> "Acted":
        with shell.progress(shell.text("act_busy", administration=desk.id)):
            return act(desk, dry_run=dry_run)

    with shell.office() as office:
        tried = several.try_each(office.administrations(names), one)
    done = list(several.results(tried).values())
    payload = {
        "delivered": [documents.outcome_entry(shell, o) for a in done for o in a.delivered],
        "failed": [documents.outcome_entry(shell, o) for a in done for o in a.failed],
        "uncertain": [documents.outcome_entry(shell, o) for a in done for o in a.uncertain],
        "withdrawn": [_withdrawn(shell, s) for a in done for s in a.withdrawn],
        "waiting": [_waiting(shell, s) for a in done for s in a.waiting],
    }
    shell.show(payload, lambda: _page(shell, done, dry_run=dry_run))
    several.say_errors(shell, tried)
    codes = [WRONG] if any(one.failed or one.uncertain for one in done) else []
    raise shell.exit(several.gravest([*codes, *several.error_codes(tried)]))


def _withdrawn(shell: Shell, stayed: "Stayed") -> dict[str, object]:
    text = wording.withdrawn_text(shell, stayed.code)
    return {"id": stayed.id, "code": stayed.code, "text": text}


def _waiting(shell: Shell, stayed: "Stayed") -> dict[str, object]:
    return {"id": stayed.id, **wording.coded(shell, stayed.code, stayed.facts)}


def _page(shell: Shell, done: "Sequence[Acted]", *, dry_run: bool) -> "RenderableType":
    parts: list[RenderableType] = [shell.text("act_dry"), ""] if dry_run else []
    for name in ("delivered", "failed", "uncertain"):
        found: list[Outcome] = [o for one in done for o in getattr(one, name)]
        lines = [_outcome_line(shell, outcome) for outcome in found]
        parts += _section(shell, name, lines)
    waiting = sum(len(one.waiting) for one in done)
    gone = [_withdrawn(shell, s) for one in done for s in one.withdrawn]
    parts += _section(shell, "withdrawn", [_line(entry) for entry in gone])
    parts += _section(shell, "waiting", _grouped(shell, done), count=waiting)
    if not any(getattr(one, name) for one in done for name in one.__slots__ if name[0] != "_"
               and name != "administration"):  # fmt: skip
        parts.append(shell.text("act_nothing"))
    return wording.page(*parts)


def _section(
    shell: Shell, name: str, lines: Sequence[str], *, count: int | None = None
) -> "list[RenderableType]":
    if not lines:
        return []
    title = wording.heading(shell.text(f"act_{name}", count=count or len(lines)))
    return [title, wording.bullets(lines, "-"), ""]


def _grouped(shell: Shell, done: "Sequence[Acted]") -> list[str]:
    """Return one line per reason to wait, with the actions that wait for it."""
    waiting: dict[str, list[str]] = {}
    for entry in (_waiting(shell, s) for one in done for s in one.waiting):
        waiting.setdefault(str(entry["text"]), []).append(str(entry["id"])[:_SHOWN])
    return [f"{', '.join(ids)}: {text}" for text, ids in waiting.items()]


def _line(entry: dict[str, object]) -> str:
    return f"{str(entry['id'])[:_SHOWN]}: {entry['text']}"


def _outcome_line(shell: Shell, outcome: "Outcome") -> str:
    action = outcome.row.action
    via = wording.words(shell, "via", action.via) or wording.word(shell, "step", action.kind)
    numbers = ", ".join(item.number for item in action.items)
    amount = wording.show(shell, action.total)
    line = (
        f"{outcome.row.id[:_SHOWN]} {action.party_name}: {action.step} ({via}), {numbers}, {amount}"
    )
    if outcome.code is not None:
        line += f". {wording.reason_text(shell, outcome.code, outcome.facts)}"
    return wording.show(shell, line)
