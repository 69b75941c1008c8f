"""`maan law`: the calculators. They need no configuration; `config/law` counts where it is."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.app.cli.shell import Shell
from connector.port.errors import RequestError
from connector.port.money import Money

if TYPE_CHECKING:
    from connector.core.law.costs import Costs
    from connector.core.law.figures import Figures, RateTable

_EURO: Final = "EUR"
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,2})?")
_DUTCH: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){1,3},[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # whatever lies outside is a slip of the pen


class Kind(StrEnum):
    """Who owes: a consumer, or somebody in trade."""

    CONSUMER = "consumer"
    TRADE = "trade"


class Via(StrEnum):
    """How a notice was sent."""

    POST = "post"
    EMAIL = "email"


class Basis(StrEnum):
    """What a debt is for."""

    SALE = "sale"
    SERVICES = "services"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `law costs`, `interest`, `notice` and `limitation`."""
    law = shell.group(app, "law")
    _register_money(law, shell)
    _register_days(law, shell)


def _register_money(law: typer.Typer, shell: Shell) -> None:
    amount_word = shell.text("head_amount").upper()
    day = _day(shell)

    @law.command("costs", help=shell.help("law.costs"))
    def costs(
        amount: Annotated[
            Decimal,
            typer.Argument(
                metavar=amount_word, parser=_amount(shell), help=shell.help("law.costs.amount")
            ),
        ],
        kind: Annotated[Kind, typer.Option(help=shell.help("law.costs.kind"))] = Kind.CONSUMER,
        on: Annotated[
            date | None, typer.Option(parser=day, help=shell.help("law.costs.on"))
        ] = None,
        vat: Annotated[bool, typer.Option("--vat", help=shell.help("law.costs.vat"))] = False,
    ) -> None:
        _costs(shell, Money(amount, _EURO), kind, on=on or _today(shell), vat=vat)

    @law.command("interest", help=shell.help("law.interest"))
    def interest(
        amount: Annotated[
            Decimal,
            typer.Argument(
                metavar=amount_word, parser=_amount(shell), help=shell.help("law.interest.amount")
            ),
        ],
        from_: Annotated[
            date, typer.Option("--from", parser=day, help=shell.help("law.interest.from_"))
        ],
        to: Annotated[date, typer.Option(parser=day, help=shell.help("law.interest.to"))],
        kind: Annotated[Kind, typer.Option(help=shell.help("law.interest.kind"))] = Kind.CONSUMER,
    ) -> None:
        _interest(shell, Money(amount, _EURO), kind, first=from_, last=to)


def _register_days(law: typer.Typer, shell: Shell) -> None:
    day = _day(shell)

    @law.command("notice", help=shell.help("law.notice"))
    def notice(
        sent: Annotated[date, typer.Option(parser=day, help=shell.help("law.notice.sent"))],
        via: Annotated[Via, typer.Option(help=shell.help("law.notice.via"))],
    ) -> None:
        _notice(shell, sent, via)

    @law.command("limitation", help=shell.help("law.limitation"))
    def limitation(
        due: Annotated[
            date,
            typer.Argument(
                metavar=shell.text("word_date"), parser=day, help=shell.help("law.limitation.due")
            ),
        ],
        basis: Annotated[
            Basis | None, typer.Option(help=shell.help("law.limitation.basis"))
        ] = None,
        kind: Annotated[Kind, typer.Option(help=shell.help("law.limitation.kind"))] = Kind.CONSUMER,
        interrupted: Annotated[
            list[date] | None,
            typer.Option(parser=day, help=shell.help("law.limitation.interrupted")),
        ] = None,
    ) -> None:
        _limitation(shell, due, kind, basis=basis, interrupted=interrupted or ())


def _amount(shell: Shell) -> Callable[[str], Decimal]:
    def amount(text: str) -> Decimal:
        """Read `1000`, `1000.50`, `1000,50` or `1.000,50`; `1.000` could be two things."""
        written = text.strip()
        if _DUTCH.fullmatch(written):
            written = written.replace(".", "")
        if _AMOUNT.fullmatch(written) is None:
            raise typer.BadParameter(shell.text("usage_amount", found=text))
        return Decimal(written.replace(",", ".")).quantize(Decimal("0.01"))

    return amount


def _day(shell: Shell) -> Callable[[str], date]:
    def day(text: str) -> date:
        found = shell.day(text)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise typer.BadParameter(shell.text("usage_date_far", found=found))
        return found

    return day


def _today(shell: Shell) -> date:
    from connector.bootstrap import SystemClock  # noqa: PLC0415  # only when no day is given
    from connector.settings import ZONE  # noqa: PLC0415

    return (shell.line.now or SystemClock().now()).astimezone(ZONE).date()


def _figures(shell: Shell) -> "Figures":
    from connector.settings.figures import load_figures  # noqa: PLC0415  # help does without

    return load_figures(shell.line.config.parent / "law")


def _costs(shell: Shell, principal: Money, kind: Kind, *, on: date, vat: bool) -> None:
    from connector.app.cli import law_pages  # noqa: PLC0415  # help does without
    from connector.core.law.vat import (  # noqa: PLC0415  # help does without
        VatDeduction,
        VatPosition,
        vat_on_costs,
    )

    figures = _figures(shell)
    made = _costs_of(figures, principal, kind, on)
    position = VatPosition(outsourced=vat, deduction=VatDeduction.NONE, declared=True)
    raised = vat_on_costs(made.amount, position, figures.vat_on(on))
    fixed = figures.trade_sum_on(on) if kind is Kind.TRADE else None
    entry = law_pages.costs_entry(made, raised, fixed)
    shell.show(entry, lambda: law_pages.costs_page(shell, entry, made, raised, kind=kind))


def _costs_of(figures: "Figures", principal: Money, kind: Kind, on: date) -> "Costs":
    from connector.core.law.costs import collection_costs, trade_costs  # noqa: PLC0415

    scale = figures.scale_on(on)
    if scale is None:
        raise RequestError("law_before_scale", on=on, first=figures.costs[0].from_)
    if kind is Kind.TRADE:
        return trade_costs(principal, scale, figures.trade_sum_on(on))
    return collection_costs(principal, scale)


def _interest(shell: Shell, principal: Money, kind: Kind, *, first: date, last: date) -> None:
    from connector.app.cli import law_pages  # noqa: PLC0415  # help does without
    from connector.core.law.interest import InterestClaim, statement  # noqa: PLC0415

    if last < first:
        raise RequestError("law_days_reversed", first=first, last=last)
    table = _rates(_figures(shell), kind)
    if first < table.rates[0].from_:
        raise RequestError("law_before_rates", first=first, known=table.rates[0].from_)
    made = statement(InterestClaim(principal=principal, first_day=first), last, table)
    entry = law_pages.interest_entry(principal, made, table)
    shell.show(entry, lambda: law_pages.interest_page(shell, entry, made, first=first, kind=kind))


def _rates(figures: "Figures", kind: Kind) -> "RateTable":
    return figures.commercial if kind is Kind.TRADE else figures.statutory


def _notice(shell: Shell, sent: date, via: Via) -> None:
    from connector.app.cli import law_pages  # noqa: PLC0415  # help does without
    from connector.core.law.notice import Dispatch, notice_term  # noqa: PLC0415
    from connector.core.policy.model import ChannelName  # noqa: PLC0415

    figures = _figures(shell)
    term = notice_term(
        [Dispatch(via=ChannelName(via.value), sent=sent)],
        figures.terms,
        decreed=figures.extra_holidays,
    )
    entry = {
        "delivered": term.received_on,
        "last_day": term.last_day,
        "costs_from": term.costs_from,
        "next_step_from": term.next_step_from,
    }
    shell.show(entry, lambda: law_pages.notice_page(shell, term, sent, via.value))


def _limitation(
    shell: Shell, due: date, kind: Kind, *, basis: Basis | None, interrupted: Sequence[date]
) -> None:
    from connector.app.cli import law_pages  # noqa: PLC0415  # help does without
    from connector.core.law.limitation import (  # noqa: PLC0415  # help does without
        ClaimOrigin,
        Interruption,
        InterruptionKind,
        limitation,
    )
    from connector.core.policy.model import DebtorKind  # noqa: PLC0415

    debtor = DebtorKind.COMPANY if kind is Kind.TRADE else DebtorKind.CONSUMER
    found = limitation(
        ClaimOrigin(due=due, kind=debtor, basis=None if basis is None else basis.value),
        [Interruption(kind=InterruptionKind.DEMAND, on=on) for on in interrupted],
        _figures(shell).terms,
    )
    view = law_pages.Lapse(
        due=due, kind=kind.value, basis=basis, found=found, asked=tuple(sorted(set(interrupted))),
        today=_today(shell),
    )  # fmt: skip
    shell.show(law_pages.limitation_entry(view), lambda: law_pages.limitation_page(shell, view))
