"""`maan pull` and `maan books confirm`: the books come in, and a person's word about the bank."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import faults, several, wording
from connector.app.cli.shell import Shell
from connector.port.adapter import InspectedFile
from connector.port.errors import Recovery
from connector.port.records import Kind, Ledger, Rejected

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.look import Sum, Waiting
    from connector.flow.office import Administration
    from connector.flow.pull import PullReport

_MOST_SHOWN = 20
_TOTALS_DIFFER = ".totals_differ"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `pull` and `books confirm`."""

    @app.command("pull", help=shell.help("pull"))
    def pull(
        administrations: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('word_administration')}...",
                help=shell.help("pull.administrations"),
            ),
        ] = None,
        full: Annotated[bool, typer.Option("--full", help=shell.help("pull.full"))] = False,
        check: Annotated[bool, typer.Option("--check", help=shell.help("pull.check"))] = False,
        accept_closures: Annotated[
            bool, typer.Option("--accept-closures", help=shell.help("pull.accept_closures"))
        ] = False,
    ) -> None:
        if check:
            _check(shell, administrations or ())
        else:
            _pull(shell, administrations or (), full=full, accept_closures=accept_closures)

    books = shell.group(app, "books")

    @books.command("confirm", help=shell.help("books.confirm"))
    def confirm(
        administration: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("word_administration"),
                help=shell.help("books.confirm.administration"),
            ),
        ],
        bank_through: Annotated[
            date,
            typer.Option(
                "--bank-through", parser=shell.day, help=shell.help("books.confirm.bank_through")
            ),
        ],
    ) -> None:
        _confirm(shell, administration, bank_through)


def _pull(shell: Shell, names: Sequence[str], *, full: bool, accept_closures: bool) -> None:
    from connector.flow.look import open_sums  # noqa: PLC0415  # help does without
    from connector.flow.pull import pull  # noqa: PLC0415

    def one(desk: "Administration") -> "tuple[PullReport, tuple[Sum, ...]]":
        with shell.progress(shell.text("pull_busy", administration=desk.id)):
            report = pull(desk, full=full, accept_closures=accept_closures)
        return report, open_sums(desk)

    with shell.office() as office:
        tried = several.try_each(office.administrations(names), one)
    done = several.results(tried)
    payload = {
        "administrations": [
            several.error_entry(shell, each, name="id")
            if each.result is None
            else _report_entry(shell, *each.result)
            for each in tried
        ]
    }
    shell.show(payload, lambda: _report_pages(shell, [report for report, _ in done.values()]))
    several.say_errors(shell, tried)
    codes = [_code(report) for report, _ in done.values()]
    raise shell.exit(several.gravest([*codes, *several.error_codes(tried)]))


def _code(report: "PullReport") -> int:
    if report.fault is not None and report.fault.recovery is Recovery.RETRY:
        return faults.LATER
    return faults.DONE if report.is_clean else faults.WRONG


def _report_entry(shell: Shell, report: "PullReport", sums: "Sequence[Sum]") -> dict[str, object]:
    entry: dict[str, object] = {"id": report.administration, "complete": report.complete}
    for kind in Kind:
        counts = report.counts[kind]
        entry[kind.value] = {name: getattr(counts, name) for name in counts.__slots__}
    rejected = [_rejected_entry(shell, one) for one in report.rejected]
    if report.fault is not None:
        where, fault = report.administration, report.fault
        rejected.append(_entry(where, fault.code, faults.error_text(fault, shell.messages, "")))
    warnings = [_rejected_entry(shell, one) for one in report.warnings]
    warnings += [
        _entry(wait.kind, "closures_waiting", _waiting_text(shell, wait)) for wait in report.waiting
    ]
    return entry | {
        "requests": report.requests,
        "rejected": rejected,
        "warnings": warnings,
        "totals": _totals(report, sums),
    }


def _rejected_entry(shell: Shell, rejected: Rejected) -> dict[str, object]:
    text = wording.reason_text(shell, rejected.reason, rejected.facts)
    return _entry(rejected.where, rejected.reason, text)


def _entry(where: str, reason: str, text: str) -> dict[str, object]:
    return {"where": where, "reason": reason, "text": text}


def _totals(report: "PullReport", sums: "Sequence[Sum]") -> dict[str, object]:
    """Return what is open on receivables, ours and theirs; None where that is not known."""
    for check in report.totals:
        if check.ledger is Ledger.RECEIVABLE:
            return {"ours": check.ours, "theirs": check.theirs}
    ours = [one.amount for one in sums if one.ledger is Ledger.RECEIVABLE]
    return {"ours": ours[0] if len(ours) == 1 else None, "theirs": None}


def _waiting_text(shell: Shell, waiting: "Waiting") -> str:
    return shell.text(
        "closures_of_pull",
        kind=wording.word(shell, "kind", waiting.kind),
        count=waiting.count,
        of=waiting.of,
        percent=waiting.percent,
    )


def _report_pages(shell: Shell, reports: "Sequence[PullReport]") -> "RenderableType":
    pages = [part for report in reports for part in _report_page(shell, report)]
    if all(report.is_clean for report in reports):
        pages.append(shell.text("pull_next_plan"))
    return wording.page(*pages)


def _report_page(shell: Shell, report: "PullReport") -> "list[RenderableType]":
    text = shell.text
    names = ("new", "changed", "closed", "unchanged", "rejected")
    counted = [text(f"head_{name}") for name in names]
    grid = shell.table(text("head_kind"), *counted, right=tuple(counted))
    for kind, counts in report.counts.items():
        cells = [wording.show(shell, getattr(counts, name)) for name in names]
        grid.add_row(wording.word(shell, "kind", kind), *cells)
    verdict = "pull_complete" if report.complete else "pull_incomplete_head"
    parts: list[RenderableType] = [
        wording.heading(text(verdict, administration=report.administration)),
        grid,
    ]
    if report.fault is not None:
        parts += [faults.error_text(report.fault, shell.messages, ""), text("pull_kept"), ""]
    notes = [_waiting_text(shell, wait) for wait in report.waiting]
    differs = any(not total.agrees for total in report.totals)
    notes += [_totals_line(shell, report)] if differs else []
    parts += _findings(shell, "pull_rejected", report.rejected)
    # The line with both sums says what a warning about them says, and more.
    told = [w for w in report.warnings if not (differs and w.reason.endswith(_TOTALS_DIFFER))]
    parts += _findings(shell, "pull_warnings", told)
    return [*parts, wording.bullets(notes), ""] if notes else parts


def _totals_line(shell: Shell, report: "PullReport") -> str:
    wrong = next(check for check in report.totals if not check.agrees)
    code = "pull_totals_differ" if wrong.their_count is not None else "pull_totals_differ_sum"
    return shell.text(
        code,
        kind=wording.word(shell, "ledger", wrong.ledger),
        ours=wrong.ours,
        theirs=wrong.theirs,
        our_count=wrong.our_count,
        their_count=wrong.their_count,
    )


def _findings(shell: Shell, title: str, found: Sequence[Rejected]) -> "list[RenderableType]":
    """Return what could not be read, line by line; past the first score only how many more."""
    if not found:
        return []
    lines = [
        wording.show(
            shell, f"{_place(one.where)}{wording.reason_text(shell, one.reason, one.facts)}"
        )
        for one in found[:_MOST_SHOWN]
    ]
    if len(found) > _MOST_SHOWN:
        lines.append(shell.text("and_more", count=len(found) - _MOST_SHOWN))
    return [shell.text(title, count=len(found)), wording.bullets(lines, "-"), ""]


def _place(where: str) -> str:
    """Return where a fault is; of a whole list there is nothing to look up, of a whole file is."""
    name, _, line = where.rpartition(":")
    if line != "0":
        return f"{where}: "
    name = name.removesuffix(":0")
    return f"{name}: " if PurePath(name).suffix else ""


def _check(shell: Shell, names: Sequence[str]) -> None:
    from connector.flow.pull import inspect  # noqa: PLC0415  # help does without

    with shell.office() as office:
        tried = several.try_each(office.administrations(names), inspect)
    done = several.results(tried)
    payload = {
        "administrations": [
            several.error_entry(shell, each, name="id")
            if each.result is None
            else {"id": each.administration,
                  "files": [_file_entry(shell, file) for file in each.result]}
            for each in tried
        ]
    }  # fmt: skip
    shell.show(payload, lambda: _check_pages(shell, done))
    several.say_errors(shell, tried)
    held = any(file.rejected for files in done.values() for file in files)
    codes = [faults.WRONG] if held else []
    raise shell.exit(several.gravest([*codes, *several.error_codes(tried)]))


def _file_entry(shell: Shell, file: InspectedFile) -> dict[str, object]:
    return {
        "name": file.name,
        "kind": file.kind,
        "dialect": file.dialect,
        "columns": file.columns,
        "ignored_columns": file.ignored_columns,
        "rows": file.rows,
        "totals": [{"currency": sum_.currency, "open": sum_} for sum_ in file.totals],
        "rejected": [_rejected_entry(shell, one) for one in file.rejected],
        "warnings": [_rejected_entry(shell, one) for one in file.warnings],
    }


def _check_pages(shell: Shell, done: "Mapping[str, Sequence[InspectedFile]]") -> "RenderableType":
    parts: list[RenderableType] = []
    for name, files in done.items():
        parts.append(wording.heading(shell.text("check_head", administration=name)))
        if not files:
            parts.append(shell.text("check_no_files"))
        for file in files:
            parts += _file_page(shell, file)
    return wording.page(*parts, shell.text("check_nothing_stored"))


def _file_page(shell: Shell, file: InspectedFile) -> "Iterable[RenderableType]":
    text = shell.text
    kind = wording.word(shell, "kind", file.kind)
    grid = shell.table(text("head_field"), text("head_column"))
    for field, header in file.columns.items():
        grid.add_row(_column(shell, field), wording.show(shell, header))
    dialect = ", ".join(_dialect(shell, name, value) for name, value in file.dialect.items())
    yield wording.heading(f"{wording.show(shell, file.name)}: {kind}")
    yield text("check_dialect", dialect=dialect) if dialect else ""
    if file.columns:
        yield grid
    if file.ignored_columns:
        names = ", ".join(wording.show(shell, name) for name in file.ignored_columns)
        yield text("check_ignored", columns=names)
    if file.columns:
        yield text("check_rows", rows=file.rows, totals=list(file.totals) or "-")
    yield from _findings(shell, "pull_rejected", file.rejected)
    yield from _findings(shell, "pull_warnings", file.warnings)


def _column(shell: Shell, field: str) -> str:
    """Return what a column holds in the user's language, with our name for who writes a mapping."""
    said = wording.word(shell, "column", field)
    return field if said == field else f"{said} ({field})"


def _dialect(shell: Shell, name: str, value: str) -> str:
    """Return one thing that was recognised, as in `tekens utf-8`."""
    said = wording.word(shell, "dialect", name)
    return f"{said} {wording.show(shell, wording.word(shell, 'read', value))}"


def _confirm(shell: Shell, administration: str, through: date) -> None:
    from connector.flow.mend import confirm_bank  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desk = office.administration(administration)
        confirm_bank(desk, through, by=shell.actor)
    payload = {"administration": administration, "bank_through": through}
    shell.show(payload, lambda: shell.text("bank_confirmed", **payload))
