"""`maan charges` and `maan charge`: interest and costs, which the books have no place for."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, wording
from connector.app.cli.shell import Shell
from connector.port.money import Money

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.charges import Charge
    from connector.flow.charged import ChargeView

_SHOWN = 8


class ChargeWord(StrEnum):
    """What is claimed on top of the principal, as it is written on the command line."""

    COSTS = "costs"
    INTEREST = "interest"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `charges` and `charge waive`."""

    @app.command("charges", help=shell.help("charges"))
    def charges(
        administrations: Annotated[
            list[str] | None,
            typer.Argument(
                metavar=f"{shell.text('word_administration')}...",
                help=shell.help("charges.administrations"),
            ),
        ] = None,
        open_: Annotated[bool, typer.Option("--open", help=shell.help("charges.open_"))] = False,
        debtor: Annotated[str | None, typer.Option(help=shell.help("charges.debtor"))] = None,
    ) -> None:
        _charges(shell, administrations or (), debtor, only_open=open_)

    charge = shell.group(app, "charge")

    @charge.command("waive", help=shell.help("charge.waive"))
    def waive(
        invoice: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("head_number").upper(), help=shell.help("charge.waive.invoice")
            ),
        ],
        reason: Annotated[str, typer.Option(help=shell.help("charge.waive.reason"))],
        kind: Annotated[
            ChargeWord | None, typer.Option(help=shell.help("charge.waive.kind"))
        ] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("charge.waive.administration"))
        ] = None,
    ) -> None:
        _waive(shell, invoice, administration, kind=kind, reason=reason)


def _charges(
    shell: Shell, administrations: Sequence[str], debtor: str | None, *, only_open: bool
) -> None:
    from connector.flow.charged import charges_of  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_party  # noqa: PLC0415

    with shell.office() as office:
        if debtor is None:
            desks = office.administrations(administrations)
            views = [v for desk in desks for v in charges_of(desk, only_open=only_open)]
        else:
            named = administrations[0] if administrations else None
            found = find_party(office, debtor, named)
            views = charges_of(found.desk, found.row.ref, only_open=only_open)
    payload = {"charges": [_view_entry(view) for view in views]}
    shell.show(payload, lambda: _page(shell, views, only_open=only_open))


def _waive(
    shell: Shell, invoice: str, administration: str | None, *, kind: ChargeWord | None, reason: str
) -> None:
    from connector.core.charges import ChargeKind  # noqa: PLC0415  # help does without
    from connector.flow.charged import let_go  # noqa: PLC0415
    from connector.flow.seek import find_item  # noqa: PLC0415

    kinds = tuple(ChargeKind) if kind is None else (ChargeKind(kind.value),)
    with shell.office() as office:
        found = find_item(office, invoice, administration)
        gone = let_go(found.desk, found.row.id, kinds, reason=reason, by=shell.actor)
    name = found.row.party_name
    payload = {"charges": [_entry(one, found.desk.id, name) for one in gone]}
    shell.show(payload, lambda: _waived(shell, gone))


def _view_entry(view: "ChargeView") -> dict[str, object]:
    return _entry(view.charge, view.administration, view.party_name)


def _entry(one: "Charge", administration: str, name: str) -> dict[str, object]:
    return {
        "administration": administration,
        "number": one.number,
        "debtor": documents.debtor(one.party, name),
        "kind": one.kind,
        "state": one.state,
        "amount": one.amount,
        "vat": one.vat,
        "paid": one.paid,
        "currency": one.amount.currency,
        "claimed_on": one.claimed_on,
        "action": one.action,
        "reason": one.reason,
    }


def _page(shell: Shell, views: "Sequence[ChargeView]", *, only_open: bool) -> "RenderableType":
    text = shell.text
    if not views:
        return text("charges_none_open" if only_open else "charges_none")
    has_vat = any(view.charge.vat for view in views)
    sums = ("amount", "vat", "paid") if has_vat else ("amount", "paid")
    names = ("number", "debtor", "what", *sums, "claimed_on")
    right = tuple(text(f"head_{name}") for name in sums)
    grid = shell.table(*(text(f"head_{name}") for name in names), right=right)
    for view in views:
        one = view.charge
        asked = f"{wording.show(shell, one.claimed_on)} {one.action[:_SHOWN]}"
        amounts = (one.amount, one.vat or None, one.paid or None) if has_vat else (
            one.amount, one.paid or None,
        )  # fmt: skip
        cells = (one.number, view.party_name, _standing(shell, one), *amounts, asked)
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    is_open = any(view.charge.state.is_open for view in views)
    return wording.page(grid, *_sums(shell, views), text("charges_next") if is_open else None)


def _sums(shell: Shell, views: "Sequence[ChargeView]") -> list[str]:
    """Return what is due and what is announced, per currency; nothing where there is none."""
    lines = []
    for state in ("due", "announced"):
        found = [view.charge.left for view in views if view.charge.state.value == state]
        currencies = sorted({one.currency for one in found})
        amounts = [
            sum((one for one in found if one.currency == currency), Money.zero(currency))
            for currency in currencies
        ]
        if amounts:
            lines.append(shell.text(f"charges_sum_{state}", amounts=amounts))
    return lines


def _standing(shell: Shell, one: "Charge") -> str:
    """Return what it is, what became of it, and why it was let go."""
    kind = wording.word(shell, "charge", one.kind)
    state = wording.word(shell, "charge_state", one.state)
    if one.reason is None:
        return f"{kind}: {state}"
    return f"{kind}: {state} ({wording.word(shell, 'waived', one.reason)})"


def _waived(shell: Shell, gone: "Sequence[Charge]") -> "RenderableType":
    lines = [
        shell.text(
            "charge_let_go",
            kind=wording.word(shell, "charge", one.kind),
            number=wording.show(shell, one.number),
            amount=one.left,
        )
        for one in gone
    ]
    return wording.page(*lines, shell.text("charge_let_go_next"))
