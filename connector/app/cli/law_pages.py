"""What the calculators of the law show: as JSON, and as a table with article and source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from connector.app.cli import wording
from connector.app.cli.shell import Shell
from connector.port.money import Money

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from connector.core.law.costs import Costs
    from connector.core.law.figures import RateTable, TradeSum
    from connector.core.law.interest import Statement
    from connector.core.law.limitation import Limitation
    from connector.core.law.notice import NoticeTerm
    from connector.core.law.vat import VatOnCosts

Entry = Mapping[str, object]
_NOTICE_ARTICLE: Final = "art. 6:96 lid 6 BW; art. 1 Algemene termijnenwet"
_NOTICE_SOURCE: Final = "HR 25-11-2016, ECLI:NL:HR:2016:2704"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A limitation that was worked out, with what was asked: days of interruption ascending."""

    due: date
    kind: str
    basis: str | None
    found: "Limitation"
    asked: tuple[date, ...]
    today: date

    @property
    def counted(self) -> tuple[date, ...]:
        """Days on which an interruption started a new term."""
        return tuple(one.on for one in self.found.interruptions)

    @property
    def days_left(self) -> int:
        """Days until the last day; below nought when it has passed."""
        return (self.found.last_day - self.today).days


def costs_entry(made: "Costs", raised: "VatOnCosts", fixed: "TradeSum | None" = None) -> Entry:
    """Return the costs as `--json` prints them; `fixed`: the sum that trade owes at least."""
    of_trade = {} if fixed is None else {
        "fixed_sum": {"amount": fixed.amount, "article": f"art. {fixed.article}"}
    }  # fmt: skip
    return of_trade | {
        "principal": made.principal,
        "costs": made.amount,
        "vat": raised.amount,
        "total": made.amount + raised.amount,
        "lines": _cost_lines(made),
        "article": f"art. {made.article}" if made.article else None,
        "source": made.source or None,
    }


def _cost_lines(made: "Costs") -> list[dict[str, object]]:
    """Return the slices, and a line for what a bound adds or takes: together they are the costs."""
    from connector.core.law.costs import rounded  # noqa: PLC0415  # help does without

    currency = made.amount.currency
    lines: list[dict[str, object]] = []
    total = Money.zero(currency)
    for one in made.lines:
        amount = rounded(one.amount, currency)
        total += amount
        lines.append({"base": one.base, "percent": one.percent, "amount": amount, "rule": "slice"})
    if total != made.amount:
        rule = "rounding" if made.bound is None else made.bound.value
        rest = made.amount - total
        lines.append({"base": None, "percent": None, "amount": rest, "rule": rule})
    return lines


def costs_page(
    shell: Shell, entry: Entry, made: "Costs", raised: "VatOnCosts", *, kind: str
) -> "RenderableType":
    """Return the costs as a table for a person."""
    text = shell.text
    if made.reason is not None:
        return text("law_costs_nothing")
    rate, amount = text("head_rate"), text("head_amount")
    grid = shell.table(text("head_over"), rate, amount, right=(rate, amount))
    for line in _lines(entry):
        base = line["base"]
        over = wording.word(shell, "rule", line["rule"]) if base is None else base
        _row(shell, grid, over, _percent(shell, line["percent"]), line["amount"])
    grid.add_section()
    _row(shell, grid, text("law_costs_sum"), None, made.amount)
    if raised.amount:
        _row(shell, grid, text("law_costs_vat"), _percent(shell, raised.percent), raised.amount)
        _row(shell, grid, text("law_costs_total"), None, entry["total"])
    return wording.page(
        wording.heading(text("law_costs_head", amount=made.principal, kind=_who(shell, kind))),
        grid,
        _condition(shell, entry, kind),
        text("law_costs_vat_when") if raised.amount else None,
        _cited(shell, entry["article"], entry["source"]),
    )


def _condition(shell: Shell, entry: Entry, kind: str) -> str:
    """Return from when the costs are owed; in trade with the fixed sum and its article."""
    fixed = entry.get("fixed_sum")
    if not isinstance(fixed, Mapping):
        return shell.text(f"law_costs_{kind}")
    amount = Money(fixed["amount"], "EUR")
    return shell.text("law_costs_trade", amount=amount, article=fixed["article"])


def interest_entry(principal: Money, made: "Statement", table: "RateTable") -> Entry:
    """Return the interest as `--json` prints it; `final_through` is the last day it is known."""
    sources = dict.fromkeys(part for line in made.lines for part in line.source.split("; "))
    return {
        "principal": principal,
        "interest": made.interest,
        "total": principal + made.interest,
        "final": made.final,
        "final_through": made.through if made.final else table.complete_through,
        "lines": [
            {
                "from": line.from_,
                "to": line.through,
                "days": line.days,
                "rate": line.percent,
                "base": line.base,
                "interest": line.interest,
            }
            for line in made.lines
        ],
        "article": f"art. {table.article}",
        "source": "; ".join(sources) or None,
    }


def interest_page(
    shell: Shell, entry: Entry, made: "Statement", *, first: date, kind: str
) -> "RenderableType":
    """Return the interest as lines that a judge can follow."""
    text = shell.text
    days, rate, base = text("head_days"), text("head_rate"), text("head_base")
    amount = text("head_interest")
    grid = shell.table(
        text("head_from"), text("head_through"), days, rate, base, amount,
        right=(days, rate, base, amount),
    )  # fmt: skip
    for line in made.lines:
        _row(shell, grid, line.from_, line.through, line.days, _percent(shell, line.percent),
             line.base, line.interest)  # fmt: skip
    grid.add_section()
    _row(shell, grid, text("law_interest_sum"), None, sum(line.days for line in made.lines), None,
         None, made.interest)  # fmt: skip
    head = text(
        "law_interest_head", name=text(f"law_interest_{kind}"), amount=entry["principal"],
        first=first, last=made.through,
    )  # fmt: skip
    end = None if made.final else text("law_provisional", through=entry["final_through"])
    return wording.page(
        wording.heading(head),
        grid if made.lines else None,
        end,
        text("law_interest_total", amount=entry["total"]),
        text("law_interest_rule"),
        _cited(shell, entry["article"], entry["source"]),
    )


def notice_page(shell: Shell, term: "NoticeTerm", sent: date, via: str) -> "RenderableType":
    """Return the days of a statutory notice."""
    text = shell.text
    rows = (
        ("law_notice_delivered", term.received_on),
        ("law_notice_last_day", term.last_day),
        ("law_notice_costs_from", term.costs_from),
        ("law_notice_next_step", term.next_step_from),
    )
    return wording.page(
        wording.heading(text("law_notice_head", via=wording.word(shell, "via", via), sent=sent)),
        _pairs(shell, ((text(code), day) for code, day in rows)),
        text(f"law_notice_{via}"),
        text("law_notice_policy"),
        _cited(shell, _NOTICE_ARTICLE, _NOTICE_SOURCE),
    )


def limitation_entry(view: Lapse) -> Entry:
    """Return the limitation as `--json` prints it."""
    found = view.found
    return {
        "due": view.due,
        "kind": view.kind,
        "basis": view.basis,
        "starts_on": found.starts_on,
        "last_day": found.last_day,
        "at_the_latest": found.at_the_latest,
        "years": found.years,
        "days_left": view.days_left,
        "barred": found.is_barred(view.today),
        "warning": found.warning(view.today),
        "interruptions": view.counted,
        "ignored": [on for on in view.asked if on not in view.counted],
        "article": _articles(view),
        "source": "art. 3:316-3:319 BW",
    }


def limitation_page(shell: Shell, view: Lapse) -> "RenderableType":
    """Return until when a claim can be enforced, and what was counted."""
    text, found = shell.text, view.found
    rows: list[tuple[str, object]] = [
        (text("law_limitation_term"), text("law_limitation_years", count=found.years)),
        (text("law_limitation_starts"), found.starts_on),
        (text("law_limitation_last"), found.last_day),
    ]
    if not found.is_certain:
        rows.append((text("law_limitation_latest"), found.at_the_latest))
    rows += [(text("law_limitation_interrupted"), on) for on in view.counted]
    ignored = [on for on in view.asked if on not in view.counted]
    code = "law_limitation_barred" if found.is_barred(view.today) else "law_limitation_left"
    rows.append((text(code, today=view.today), abs(view.days_left)))
    return wording.page(
        wording.heading(text("law_limitation_head", due=view.due, kind=_who(shell, view.kind))),
        _pairs(shell, rows),
        None if found.is_certain else text("law_limitation_basis"),
        text("law_limitation_ignored", days=ignored) if ignored else None,
        _cited(shell, _articles(view), None),
    )


def _articles(view: Lapse) -> str:
    article = f"art. {view.found.article}"
    if not view.found.is_certain:
        article += "; art. 3:307 BW"  # of the day that holds if it was no sale
    return f"{article}; art. 3:319 BW" if view.counted else article


def _lines(entry: Entry) -> Iterable[Mapping[str, object]]:
    lines = entry["lines"]
    assert isinstance(lines, list)
    return lines


def _row(shell: Shell, grid: "Table", *cells: object) -> None:
    grid.add_row(*(wording.show(shell, cell) for cell in cells))


def _pairs(shell: Shell, rows: Iterable[tuple[str, object]]) -> "RenderableType":
    """Return names with a value beside each."""
    from rich.table import Table  # noqa: PLC0415  # `--json` does without

    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column()
    grid.add_column(justify="right")
    for name, value in rows:
        grid.add_row(f"  {name}", shell.messages.show(value))
    return grid


def _percent(shell: Shell, rate: object) -> str | None:
    if not isinstance(rate, Decimal):
        return None
    return f"{shell.messages.show(rate)} %"


def _who(shell: Shell, kind: str) -> str:
    return shell.text(f"law_kind_{kind}")


def _cited(shell: Shell, article: object, source: object) -> str:
    if source is None:
        return shell.text("law_article", article=article)
    return shell.text("law_cited", article=article, source=source)
