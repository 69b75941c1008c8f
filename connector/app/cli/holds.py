"""`maan hold`: pauses on an invoice or on a whole debtor."""

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, wording
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError
from connector.port.money import Money, minor_digits

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.core.snapshot import Hold
    from connector.flow.look import HoldView, ItemRow
    from connector.flow.office import Administration, Office


class HoldWord(StrEnum):
    """The reasons as they are written on the command line; those of the core, in its order."""

    DISPUTE = "dispute"
    PROMISE = "promise"
    ARRANGEMENT = "arrangement"
    SET_OFF = "set_off"
    ADDRESS = "address"
    MANUAL = "manual"
    INSOLVENCY = "insolvency"
    SUSPENSION = "suspension"
    WSNP = "wsnp"
    DEBT_COUNSELLING = "debt_counselling"
    MORATORIUM = "moratorium"
    GUARDIANSHIP = "guardianship"
    MINOR = "minor"
    DECEASED = "deceased"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `hold add`, `list`, `answer` and `lift`."""
    hold = shell.group(app, "hold")
    key = shell.text("head_id").upper()

    @hold.command("add", help=shell.help("hold.add"))
    def add(
        reason: Annotated[
            HoldWord,
            typer.Option(
                metavar=shell.text("head_reason").upper(), help=shell.help("hold.add.reason")
            ),
        ],
        until: Annotated[date, typer.Option(parser=shell.day, help=shell.help("hold.add.until"))],
        invoice: Annotated[str | None, typer.Option(help=shell.help("hold.add.invoice"))] = None,
        debtor: Annotated[str | None, typer.Option(help=shell.help("hold.add.debtor"))] = None,
        amount: Annotated[str | None, typer.Option(help=shell.help("hold.add.amount"))] = None,
        note: Annotated[str | None, typer.Option(help=shell.help("hold.add.note"))] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("hold.add.administration"))
        ] = None,
    ) -> None:
        subject = _Subject(invoice, debtor, amount, administration)
        _add(shell, subject, reason.value, until, note=note)

    @hold.command("list", help=shell.help("hold.list"))
    def hold_list(
        administration: Annotated[
            str | None, typer.Option(help=shell.help("hold.list.administration"))
        ] = None,
        all_: Annotated[bool, typer.Option("--all", help=shell.help("hold.list.all"))] = False,
    ) -> None:
        _list(shell, administration, lifted=all_)

    @hold.command("answer", help=shell.help("hold.answer"))
    def answer(
        id_: Annotated[str, typer.Argument(metavar=key, help=shell.help("hold.answer.id"))],
        on: Annotated[
            date | None, typer.Option(parser=shell.day, help=shell.help("hold.answer.on"))
        ] = None,
        note: Annotated[str | None, typer.Option(help=shell.help("hold.answer.note"))] = None,
    ) -> None:
        _answer(shell, id_, on, note)

    @hold.command("lift", help=shell.help("hold.lift"))
    def lift(
        id_: Annotated[str, typer.Argument(metavar=key, help=shell.help("hold.lift.id"))],
        outcome: Annotated[str | None, typer.Option(help=shell.help("hold.lift.outcome"))] = None,
    ) -> None:
        _lift(shell, id_, outcome)


class _Subject:
    """What a hold is put on, as it stands on the command line."""

    __slots__ = ("administration", "amount", "debtor", "invoice")

    def __init__(
        self,
        invoice: str | None,
        debtor: str | None,
        amount: str | None,
        administration: str | None,
    ) -> None:
        if (invoice is None) == (debtor is None):
            raise RequestError("hold_subject_needed")
        if debtor is not None and amount is not None:
            raise RequestError("hold_amount_debtor")
        self.invoice, self.debtor = invoice, debtor
        self.amount, self.administration = amount, administration


def _add(shell: Shell, subject: _Subject, reason: str, until: date, *, note: str | None) -> None:
    from connector.flow.holding import add_hold  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desk, hold = _hold(office, subject, reason, until)
        view = add_hold(desk, hold, note=note, by=shell.actor)
    about = view.number or f"{view.party_name or view.party} ({shell.text('hold_whole_debtor')})"
    shell.show(
        documents.hold_entry(view),
        lambda: shell.text(
            "hold_added",
            id=view.row.id,
            subject=wording.show(shell, about),
            reason=wording.word(shell, "hold", reason),
            until=until,
        ),
    )


def _hold(
    office: "Office", subject: _Subject, reason: str, until: date
) -> "tuple[Administration, Hold]":
    from connector.core.snapshot import Hold, HoldReason  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_item, find_party  # noqa: PLC0415

    if subject.invoice is None:
        party = find_party(office, subject.debtor or "", subject.administration)
        hold = Hold(id="", item=None, party=party.row.ref, reason=HoldReason(reason), until=until)
        return party.desk, hold
    item = find_item(office, subject.invoice, subject.administration)
    hold = Hold(
        id="",
        item=item.row.id,
        party=None,
        reason=HoldReason(reason),
        until=until,
        amount=None if subject.amount is None else _amount(subject.amount, item.row),
    )
    return item.desk, hold


def _amount(text: str, item: "ItemRow") -> Money:
    """Read `250.00` or `250,00`; thousands may not be separated, so that nothing is guessed."""
    plain = text.strip().replace(",", ".")
    currency = item.open.currency
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise RequestError("hold_amount_form", found=text) from None
    if not amount.is_finite() or plain.count(".") > 1:
        raise RequestError("hold_amount_form", found=text)
    whole, _, cents = plain.partition(".")
    if len(cents) > minor_digits(currency) or not whole.lstrip("-").isdigit():
        raise RequestError("hold_amount_form", found=text)
    return Money(amount, currency)


def _list(shell: Shell, administration: str | None, *, lifted: bool) -> None:
    from connector.flow.look import holds_of  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desks = office.administrations([administration] if administration else ())
        views = [view for desk in desks for view in holds_of(desk, lifted=lifted)]
    payload = {"holds": [documents.hold_entry(view) for view in views]}
    shell.show(payload, lambda: _table(shell, views) if views else shell.text("holds_none"))


def _table(shell: Shell, views: "list[HoldView]") -> "RenderableType":
    text = shell.text
    amount = text("head_amount")
    names = ("id", "debtor", "number", "reason", "until", "amount")
    grid = shell.table(*(text(f"head_{name}") for name in names), right=(amount,))
    for view in views:
        hold = view.row.hold
        cells = (view.row.id, view.party_name or view.party,
                 view.number or text("hold_whole_debtor"),
                 wording.word(shell, "hold", hold.reason), hold.until, hold.amount)  # fmt: skip
        grid.add_row(*(wording.show(shell, cell) for cell in cells))
    return grid


def _answer(shell: Shell, id_: str, on: date | None, note: str | None) -> None:
    from connector.flow.holding import answer_hold  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_hold  # noqa: PLC0415

    with shell.office() as office:
        found = find_hold(office, id_)
        day = on or office.today
        view = answer_hold(found.desk, found.row, on=day, note=note, by=shell.actor)
    entry = documents.hold_entry(view) | {"answered_on": day}
    shell.show(entry, lambda: shell.text("hold_answered", id=view.row.id, on=day))


def _lift(shell: Shell, id_: str, outcome: str | None) -> None:
    from connector.flow.holding import lift_hold  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_hold  # noqa: PLC0415

    with shell.office() as office:
        found = find_hold(office, id_)
        view = lift_hold(found.desk, found.row, outcome=outcome, by=shell.actor)
    entry = documents.hold_entry(view) | {"outcome": outcome}
    shell.show(entry, lambda: shell.text("hold_lifted", id=view.row.id))
