"""`maan report`: what the law says of the open items, on the screen or for a spreadsheet."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.app.cli.sheets import Sheets
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from connector.core.insight.vat_relief import Period

_PERIOD: Final = re.compile(
    r"(?P<year>20[0-9]{2})(?:-(?:[QqKk](?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A return period as it stands on the command line."""

    name: str
    period: "Period"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `report limitation` and `vat-relief`."""
    report = shell.group(app, "report")
    administrations = typer.Argument(
        metavar=f"{shell.text('word_administration')}...", help=shell.help("report.administrations")
    )
    csv_file = typer.Option(metavar=shell.text("word_path"), help=shell.help("report.csv"))
    xlsx_file = typer.Option(metavar=shell.text("word_path"), help=shell.help("report.xlsx"))

    @report.command("limitation", help=shell.help("report.limitation"))
    def limitation(
        names: Annotated[list[str] | None, administrations] = None,
        csv: Annotated[str | None, csv_file] = None,
        xlsx: Annotated[Path | None, xlsx_file] = None,
    ) -> None:
        _limitation(shell, names or (), Sheets(csv=csv, xlsx=xlsx))

    @report.command("vat-relief", help=shell.help("report.vat-relief"))
    def vat_relief(
        names: Annotated[list[str] | None, administrations] = None,
        period: Annotated[
            Named | None,
            typer.Option(
                metavar=shell.text("word_period"),
                parser=_period(shell),
                help=shell.help("report.vat-relief.period"),
            ),
        ] = None,
        csv: Annotated[str | None, csv_file] = None,
        xlsx: Annotated[Path | None, xlsx_file] = None,
    ) -> None:
        _relief(shell, names or (), period, Sheets(csv=csv, xlsx=xlsx))


def _period(shell: Shell) -> Callable[[str], Named]:
    def period(text: str) -> Named:
        """Read `2026-Q4` (or K4), `2026-11` or `2026`."""
        found = _PERIOD.fullmatch(text.strip())
        if found is None:
            raise typer.BadParameter(shell.text("usage_period", found=text))
        return _named(text.strip(), found)

    return period


def _named(text: str, found: re.Match[str]) -> Named:
    from connector.core.insight.vat_relief import Frequency, return_period  # noqa: PLC0415

    year = int(found["year"])
    if found["quarter"]:
        day, frequency = date(year, 3 * int(found["quarter"]), 1), Frequency.QUARTER
    elif found["month"]:
        day, frequency = date(year, int(found["month"]), 1), Frequency.MONTH
    else:
        day, frequency = date(year, 1, 1), Frequency.YEAR
    return Named(name=text.upper().replace("K", "Q"), period=return_period(day, frequency))


def _quarter_of(day: date) -> Named:
    """Return the quarter of the day: most owners file one return a quarter."""
    from connector.core.insight.vat_relief import Frequency, return_period  # noqa: PLC0415

    name = f"{day.year}-Q{(day.month + 2) // 3}"
    return Named(name=name, period=return_period(day, Frequency.QUARTER))


def _limitation(shell: Shell, names: Sequence[str], sheets: Sheets) -> None:
    from connector.app.cli import report_pages  # noqa: PLC0415  # help does without
    from connector.flow.reports import limitations  # noqa: PLC0415  # help does without

    with shell.office() as office:
        today = office.today
        rows = [row for desk in office.administrations(names) for row in limitations(desk)]
    heads = report_pages.heads(shell, report_pages.LIMITATION)
    cells = [report_pages.limitation_cells(shell, row) for row in rows]
    written = sheets.write(heads, cells, out=None if shell.line.json else shell.line.out)
    if sheets.fills_stdout and not shell.line.json:
        return
    payload = {"on": today, "claims": [report_pages.limitation_entry(row) for row in rows]}
    shell.show(payload, lambda: report_pages.limitation_page(shell, rows, today, written))


def _relief(shell: Shell, names: Sequence[str], wish: Named | None, sheets: Sheets) -> None:
    from connector.app.cli import report_pages  # noqa: PLC0415  # help does without
    from connector.flow.reports import relief  # noqa: PLC0415  # help does without

    with shell.office() as office:
        asked = wish or _quarter_of(office.today)
        reports = [relief(desk, asked.period) for desk in office.administrations(names)]
    heads = report_pages.heads(shell, report_pages.RELIEF)
    cells = report_pages.relief_cells(shell, reports)
    written = sheets.write(heads, cells, out=None if shell.line.json else shell.line.out)
    if sheets.fills_stdout and not shell.line.json:
        return
    payload = report_pages.relief_entry(reports, asked.name, asked.period)
    shell.show(
        payload,
        lambda: report_pages.relief_page(shell, reports, asked.period, written=written),
    )
