"""`maan items`: the open items, on the screen or as a file for a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.app.cli import documents, wording
from connector.app.cli.sheets import Cell, Sheets
from connector.app.cli.shell import Shell
from connector.port.money import Money
from connector.port.records import Ledger

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.look import ItemRow

_COLUMNS: Final = (
    "administration", "ledger", "number", "ref", "name", "document", "issued", "due",
    "currency", "total", "open", "step", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What to list, and where to write it."""

    administrations: Sequence[str]
    ledger: Ledger | None
    overdue: bool
    debtor: str | None
    sheets: Sheets


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `items`."""

    @app.command("items", help=shell.help("items"))
    def items(
        administrations: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('word_administration')}...",
                help=shell.help("items.administrations"),
            ),
        ] = None,
        receivable: Annotated[
            bool, typer.Option("--receivable", help=shell.help("items.receivable"))
        ] = False,
        payable: Annotated[
            bool, typer.Option("--payable", help=shell.help("items.payable"))
        ] = False,
        overdue: Annotated[
            bool, typer.Option("--overdue", help=shell.help("items.overdue"))
        ] = False,
        debtor: Annotated[str | None, typer.Option(help=shell.help("items.debtor"))] = None,
        csv: Annotated[
            str | None,
            typer.Option(metavar=shell.text("word_path"), help=shell.help("items.csv")),
        ] = None,
        xlsx: Annotated[
            Path | None,
            typer.Option(metavar=shell.text("word_path"), help=shell.help("items.xlsx")),
        ] = None,
    ) -> None:
        ledger = None
        if receivable != payable:
            ledger = Ledger.RECEIVABLE if receivable else Ledger.PAYABLE
        wish = _Wish(
            administrations=administrations or (), ledger=ledger, overdue=overdue,
            debtor=debtor, sheets=Sheets(csv=csv, xlsx=xlsx),
        )  # fmt: skip
        _items(shell, wish)


def _items(shell: Shell, wish: _Wish) -> None:
    from connector.flow.look import ItemQuery, items_of  # noqa: PLC0415  # help does without

    with shell.office() as office:
        today = office.today
        query = ItemQuery(
            ledger=wish.ledger, overdue_on=today if wish.overdue else None, debtor=wish.debtor
        )
        found = {
            desk.id: items_of(desk, query) for desk in office.administrations(wish.administrations)
        }
    rows = [(name, row) for name, listed in found.items() for row in listed]
    cells = [_cells(name, row) for name, row in rows]
    heads = [shell.text(f"sheet_{name}") for name in _COLUMNS]
    out = None if shell.line.json else shell.line.out
    written = wish.sheets.write(heads, cells, out=out)
    payload = {"items": [documents.item_entry(row) for _, row in rows]}
    if wish.sheets.fills_stdout and not shell.line.json:
        return
    shell.show(payload, lambda: _page(shell, found, written, today))


def _cells(name: str, row: "ItemRow") -> tuple[Cell, ...]:
    step = row.position.step if row.position else None
    return (
        name, row.ledger.value, row.number, row.party, row.party_name, row.document.value,
        row.issued, row.due, row.open.currency, row.total, row.open, step, row.state.value,
    )  # fmt: skip


def _page(
    shell: Shell,
    found: "dict[str, list[ItemRow]]",
    written: Sequence[Path],
    today: date,
) -> "RenderableType":
    rows = [row for listed in found.values() for row in listed]
    parts: list[RenderableType] = []
    for name, listed in found.items():
        for ledger in Ledger:
            own = [row for row in listed if row.ledger is ledger]
            if own:
                title = f"{name}: {wording.word(shell, 'ledger', ledger)}"
                parts += [wording.heading(title), item_table(shell, own, today), _sum(shell, own)]
                parts.append("")
    if not rows:
        parts.append(shell.text("items_none"))
    parts += [shell.text("items_written", file=file, count=len(rows)) for file in written]
    if rows and not written:
        parts.append(shell.text("items_next"))
    return wording.page(*parts)


def item_table(shell: Shell, rows: "Sequence[ItemRow]", today: date) -> "RenderableType":
    """Return items as a table, with the days that they are late."""
    text = shell.text
    late, open_ = text("head_late"), text("head_open")
    heads = (text("head_number"), text("head_debtor"), text("head_due"), late, open_,
             text("head_step"))  # fmt: skip
    grid = shell.table(*heads, right=(late, open_))
    for row in rows:
        days = (today - row.due).days if row.due is not None and row.due < today else None
        step = row.position.step if row.position else None
        cells = (row.number, row.party_name, row.due, days, row.open, step)
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    return grid


def amounts_of(rows: "Sequence[ItemRow]") -> list[Money]:
    """Return what the items come to, per currency."""
    sums: dict[str, Money] = {}
    for row in rows:
        currency = row.open.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + row.open
    return [sums[currency] for currency in sorted(sums)]


def _sum(shell: Shell, rows: "Sequence[ItemRow]") -> str:
    return shell.text("items_sum", count=len(rows), amounts=amounts_of(rows))
