"""`maan demo`: ten weeks of three invented firms, told as a story."""

import tempfile
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import wording
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.app.demo import Story
    from connector.flow.office import Office


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `demo`."""

    @app.command("demo", help=shell.help("demo"))
    def demo(
        once: Annotated[bool, typer.Option("--once", help=shell.help("demo.once"))] = False,
        folder: Annotated[Path | None, typer.Option(help=shell.help("demo.folder"))] = None,
    ) -> None:
        from connector.app.demo import play  # noqa: PLC0415  # help does without
        from connector.app.logs import OnlyWarnings  # noqa: PLC0415
        from connector.bootstrap import find_plugins, open_office  # noqa: PLC0415
        from connector.port.errors import RequestError  # noqa: PLC0415

        where = folder or Path(tempfile.mkdtemp(prefix="maan-demo-"))
        if where.exists() and any(where.iterdir()):
            raise RequestError("demo_folder_not_empty", folder=where)
        where.mkdir(parents=True, exist_ok=True)

        def opened(config: Path, now: datetime) -> "AbstractContextManager[Office]":
            return open_office(config, now, OnlyWarnings(shell.log), actor="demo")

        with shell.progress(shell.text("demo_busy")):
            story = play(where.resolve(), opened, find_plugins(), progress=lambda _day: None)
        shell.show(_document(story), lambda: _told(shell, story, once=once))


def _document(story: "Story") -> dict[str, object]:
    return {
        "folder": str(story.folder),
        "weeks": story.weeks,
        "events": story.events,
        "items": story.items,
        "payables": story.payables,
        "dossier": str(story.dossier) if story.dossier else None,
        "open_at_end": story.open_at_end,
    }


def _told(shell: Shell, story: "Story", *, once: bool) -> "RenderableType":
    from rich.console import Group  # noqa: PLC0415
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    def line(code: str, **facts: object) -> Text:
        return Text(shell.text(code, **facts))

    table = shell.table(
        shell.text("demo_week"),
        *(heading for _, heading in _columns(shell)),
        right=tuple(heading for _, heading in _columns(shell)),
    )
    for week in story.weeks:
        counts = [wording.show(shell, getattr(week, name)) for name, _ in _columns(shell)]
        table.add_row(wording.show(shell, week.begins), *counts)
    parts: list[RenderableType] = [
        Text(shell.text("demo_title"), style="bold"),
        line("demo_intro", items=story.items, payables=story.payables),
        Padding(table, (1, 0)),
        Text(shell.text("demo_events"), style="bold"),
        *(_event(shell, event.on, event.firm, event.code, event.facts) for event in story.events),
        Text(""),
        line("demo_end", amounts=[amount for amount in story.open_at_end if amount]),
        Text(""),
        Text(shell.text("demo_look"), style="bold"),
        *_places(shell, story),
    ]
    if not once:
        parts += [Text(""), line("demo_explore"), *_commands(story.folder)]
    return Group(*parts)


def _columns(shell: Shell) -> list[tuple[str, str]]:
    names = ("mails", "letters", "calls", "withdrawn", "settled", "handovers")
    return [(name, shell.text(f"demo_{name}")) for name in names]


def _event(
    shell: Shell, on: date, firm: str, code: str, facts: dict[str, object]
) -> "RenderableType":
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    told = Text.assemble(
        (f"{wording.show(shell, on)}  ", "dim"), f"{firm}: ", shell.text(code, **facts)
    )
    return Padding(told, (0, 0, 0, 2))


def _places(shell: Shell, story: "Story") -> "list[RenderableType]":
    from rich.text import Text  # noqa: PLC0415

    outbox = story.folder / "outbox"
    places = [("demo_place_mails", outbox / "email"), ("demo_place_letters", outbox / "post")]
    if story.dossier is not None:
        places.append(("demo_place_dossier", story.dossier))
    places.append(("demo_place_policy", story.folder / "config" / "policy.yaml"))
    return [Text(f"  {shell.text(code)} {place}", overflow="fold") for code, place in places]


def _commands(folder: Path) -> "list[RenderableType]":
    from rich.text import Text  # noqa: PLC0415

    config = folder / "config" / "maan.yaml"
    now = "--now 2026-11-20T10:00:00"
    words = ("status", "attention", "items --overdue", "plan", "journal verify staalbouw")
    return [Text(f"  maan {word} --config {config} {now}", overflow="fold") for word in words]
