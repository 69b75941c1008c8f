"""What the reports show: as JSON, as rows of a spreadsheet, and as tables for a person."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.app.cli import documents, wording
from connector.app.cli.sheets import Cell
from connector.app.cli.shell import Shell
from connector.port.money import Money

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.insight.vat_relief import Period, ReliefLine
    from connector.flow.reports import LimitationRow, ReliefReport

LIMITATION: Final = (
    "administration", "number", "ref", "name", "kind", "due", "currency", "open", "last_day",
    "days_left", "warning", "interrupted", "article",
)  # fmt: skip
RELIEF: Final = (
    "administration", "what", "number", "ref", "name", "year_ended", "currency", "base", "vat",
    "doubt",
)  # fmt: skip
_LEVELS: Final = ("barred", 30, 60, 180, "undated")
_SOURCE: Final = "art. 29 Wet OB 1968, leden 1, 2 en 7"


def heads(shell: Shell, columns: Sequence[str]) -> list[str]:
    """Return the titles of the columns of a spreadsheet."""
    return [shell.text(f"sheet_{name}") for name in columns]


def limitation_entry(row: "LimitationRow") -> dict[str, object]:
    """Return one receivable as `--json` prints it."""
    item, found = row.item, row.limitation
    last = found.interruptions[-1] if found is not None and found.interruptions else None
    return {
        "administration": row.administration,
        "number": item.number,
        "debtor": documents.debtor(item.party, item.party_name),
        "kind": row.kind,
        "basis": item.basis,
        "due": item.due,
        "currency": item.open.currency,
        "open": item.open,
        "last_day": None if found is None else found.last_day,
        "at_the_latest": None if found is None else found.at_the_latest,
        "days_left": row.days_left,
        "barred": row.is_barred,
        "warning": row.warning,
        "last_interruption": None if last is None else {"kind": last.kind, "on": last.on},
        "article": None if found is None else f"art. {found.article}",
    }


def limitation_cells(shell: Shell, row: "LimitationRow") -> tuple[Cell, ...]:
    """Return one receivable as a row of a spreadsheet."""
    item, found = row.item, row.limitation
    return (
        row.administration, item.number, item.party, item.party_name, row.kind.value, item.due,
        item.open.currency, item.open, None if found is None else found.last_day, row.days_left,
        _level(shell, row), _interrupted(row), None if found is None else f"art. {found.article}",
    )  # fmt: skip


def limitation_page(
    shell: Shell, rows: "Sequence[LimitationRow]", today: date, written: Sequence[Path]
) -> "RenderableType":
    """Return the receivables with their last day, the barred ones first."""
    text = shell.text
    if not rows:
        return text("report_limitation_none")
    left, open_ = text("head_days_left"), text("head_open")
    grid = shell.table(
        text("head_number"), text("head_debtor"), text("head_due"), open_, text("head_last_day"),
        left, text("head_interrupted"), right=(open_, left),
    )  # fmt: skip
    for row in rows:
        found = row.limitation
        cells = (
            row.item.number, row.item.party_name, row.item.due, row.item.open,
            None if found is None else found.last_day,
            text("report_barred") if row.is_barred else row.days_left, _interrupted(row),
        )  # fmt: skip
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    unsure = any(one.limitation is not None and not one.limitation.is_certain for one in rows)
    counts = _counts(shell, rows)
    return wording.page(
        wording.heading(text("report_limitation_head", today=today)),
        grid,
        wording.bullets(counts) if counts else None,
        text("report_limitation_basis") if unsure else None,
        text("report_limitation_proof"),
        *(text("items_written", file=file, count=len(rows)) for file in written),
    )


def _counts(shell: Shell, rows: "Iterable[LimitationRow]") -> list[str]:
    """Return how many are barred, and how many are near that."""
    reached = [_reached(row) for row in rows]
    return [
        shell.text(
            f"report_limitation_{level if isinstance(level, str) else 'near'}",
            count=reached.count(level),
            days=level,
        )
        for level in _LEVELS
        if level in reached
    ]


def _reached(row: "LimitationRow") -> str | int | None:
    if row.limitation is None:
        return "undated"
    return "barred" if row.is_barred else row.warning


def _level(shell: Shell, row: "LimitationRow") -> str | None:
    if row.limitation is None:
        return shell.text("report_due_unknown")
    if row.is_barred:
        return shell.text("report_barred")
    return None if row.warning is None else shell.text("report_within", days=row.warning)


def _interrupted(row: "LimitationRow") -> date | None:
    found = row.limitation
    return found.interruptions[-1].on if found is not None and found.interruptions else None


def relief_entry(
    reports: "Sequence[ReliefReport]", name: str, period: "Period"
) -> dict[str, object]:
    """Return the VAT of a return period as `--json` prints it; `to` is its last day."""
    return {
        "period": {"name": name, "from": period.from_, "to": _last(period)},
        "administrations": [
            {
                "administration": one.administration,
                "exempt": one.is_exempt,
                "lines": [_line_entry(one, line) for line in one.lines],
                "unclear": [
                    {
                        "ledger": gone.ledger, "number": gone.number,
                        "party": documents.debtor(gone.party, gone.party_name), "due": gone.due,
                        "gone_on": gone.gone_on, "currency": gone.open.currency,
                        "open": gone.open, "vat": gone.vat,
                    }
                    for gone in one.gone
                ],
                "totals": [
                    {"kind": kind, "currency": total.currency, "vat": total}
                    for kind, total in _totals(one)
                ],
            }
            for one in reports
        ],
        "article": "art. 29 Wet OB 1968",
        "source": _SOURCE,
    }  # fmt: skip


def _line_entry(report: "ReliefReport", line: "ReliefLine") -> dict[str, object]:
    return {
        "kind": line.kind,
        "number": line.number,
        "party": documents.debtor(line.party, report.names[line.party]),
        "year_ended_on": line.year_ended_on,
        "currency": line.base.currency,
        "base": line.base,
        "vat": line.vat,
        "doubt": line.doubt,
    }


def relief_cells(shell: Shell, reports: "Sequence[ReliefReport]") -> list[tuple[Cell, ...]]:
    """Return the lines of all administrations as rows of a spreadsheet."""
    return [
        (
            one.administration, wording.word(shell, "relief", line.kind), line.number, line.party,
            one.names[line.party], line.year_ended_on, line.base.currency, line.base, line.vat,
            None if line.doubt is None else shell.text(f"relief_doubt_{line.doubt}"),
        )
        for one in reports
        for line in one.lines
    ]  # fmt: skip


def relief_page(
    shell: Shell, reports: "Sequence[ReliefReport]", period: "Period", *, written: Sequence[Path]
) -> "RenderableType":
    """Return the VAT of a return period, per administration and kind of line."""
    parts: list[RenderableType] = [
        wording.heading(shell.text("relief_head", first=period.from_, last=_last(period)))
    ]
    for one in reports:
        parts += ["", wording.heading(one.administration), *_relief_parts(shell, one)]
    count = sum(len(one.lines) for one in reports)
    parts += ["", shell.text("relief_note")]
    parts += [shell.text("items_written", file=file, count=count) for file in written]
    return wording.page(*parts)


def _relief_parts(shell: Shell, report: "ReliefReport") -> "list[RenderableType]":
    text = shell.text
    if report.is_exempt:
        return [text("relief_exempt")]
    parts: list[RenderableType] = []
    for kind, total in _totals(report):
        own = [
            line
            for line in report.lines
            if (line.kind, line.base.currency) == (kind, total.currency)
        ]
        parts += [text(f"relief_title_{kind}"), _relief_table(shell, report, own)]
        parts.append(text("relief_sum", amount=total))
    if report.gone:
        lines = [
            text("relief_gone_line", number=wording.show(shell, gone.number), gone=gone.gone_on,
                 name=wording.show(shell, gone.party_name), open=gone.open)
            for gone in report.gone
        ]  # fmt: skip
        parts += [text("relief_gone"), wording.bullets(lines)]
    return parts or [text("relief_none")]


def _relief_table(
    shell: Shell, report: "ReliefReport", lines: "Sequence[ReliefLine]"
) -> "RenderableType":
    text = shell.text
    base, vat = text("head_with_vat"), text("head_vat")
    grid = shell.table(
        text("head_number"), text("head_debtor"), text("head_year_ended"), base, vat,
        text("head_mind"), right=(base, vat),
    )  # fmt: skip
    for line in lines:
        doubt = None if line.doubt is None else text(f"relief_doubt_{line.doubt}")
        cells = (
            line.number, report.names[line.party], line.year_ended_on, line.base, line.vat, doubt,
        )  # fmt: skip
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    return grid


def _totals(report: "ReliefReport") -> "list[tuple[str, Money]]":
    """Return the VAT per kind and currency, in the order of the lines."""
    sums: dict[tuple[str, str], Money] = {}
    for line in report.lines:
        key = line.kind.value, line.base.currency
        known = line.vat or Money.zero(line.base.currency)
        sums[key] = sums.get(key, Money.zero(line.base.currency)) + known
    return [(kind, total) for (kind, _), total in sums.items()]


def _last(period: "Period") -> date:
    return period.until - timedelta(days=1)
