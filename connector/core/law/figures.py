"""The figures of the law as dated tables; what is not in them is not known.

The tables stand in `figures/*.toml`. A bookkeeper adds to them in `config/law`.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar, assert_never

from connector.core.law.figure_rows import Row
from connector.core.law.figure_tables import Tables, half_year_known, read_tables

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class InterestKind(StrEnum):
    """Which interest runs over a claim that is paid late."""

    STATUTORY = "statutory"  # wettelijke rente, art. 6:119 BW
    COMMERCIAL = "commercial"  # wettelijke handelsrente, art. 6:119a and 6:119b BW
    CONTRACTUAL = "contractual"  # bedongen rente, art. 6:119 lid 3 BW


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate of interest, percent per year, from a day on; that day itself included."""

    from_: date
    percent: Decimal
    source: str
    checked_on: date
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """The rates of one kind of interest.

    Attributes:
        kind: Which interest.
        article: The article that it rests on.
        rates: Ascending by date of effect, no date twice.
        complete_through: Last day for which the table is known to hold every rate.
        checked_on: Day on which the table was last compared with its sources.
    """

    kind: InterestKind
    article: str
    rates: tuple[Rate, ...]
    complete_through: date
    checked_on: date

    def __hash__(self) -> int:  # cheap: a table is the key under which what follows is kept
        return hash((self.kind, self.article, len(self.rates), self.complete_through))

    def on(self, day: date) -> Rate | None:
        """Return the rate in force on the day; None before the first and past what is known."""
        if day > self.complete_through:
            return None
        return _in_force(self.rates, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSlice:
    """A slice of the principal up to a bound (None: no bound) and its percentage."""

    up_to: Decimal | None
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CostScale:
    """The scale of collection costs: slices ascending, minimum and maximum in euro without VAT.

    Dutch: staffel van de buitengerechtelijke incassokosten, art. 6:96 lid 5 BW.
    """

    from_: date
    slices: tuple[CostSlice, ...]
    minimum: Decimal
    maximum: Decimal
    source: str
    checked_on: date
    article: str
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeSum:
    """The fixed sum that is due at once in trade, in euro. Source: art. 6:96 lid 4 BW."""

    from_: date
    amount: Decimal
    source: str
    checked_on: date
    article: str
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cumulation:
    """How far the minimum of costs may add up over recurring instalments, in euro.

    Dutch: cumulatieregeling. Source: Stb. 2024, 44, in force 1 October 2024.

    Attributes:
        instalment_at_most: Only instalments up to this amount are meant.
        most: All that may be charged within the window.
        window_months: Months to look back.
        first: What the first instalment within the window may cost.
        next: What each next one may cost.
    """

    from_: date
    instalment_at_most: Decimal
    most: Decimal
    window_months: int
    first: Decimal
    next: Decimal
    source: str
    checked_on: date
    article: str
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRate:
    """The general rate of VAT, in percent, from a day on."""

    from_: date
    percent: Decimal
    source: str
    checked_on: date
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms of the law; the unit stands in the name, `mail_day_ends` is an hour of the day."""

    notice_days: int
    post_counting_days: int
    mail_day_ends: int
    extra_post_days: int
    claim_years: int
    consumer_sale_years: int
    interruption_years: int
    trade_default_days: int
    trade_longest_days: int
    public_body_days: int
    vat_relief_years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of the law; each tuple ascends by date of effect.

    Attributes:
        statutory: Wettelijke rente.
        commercial: Wettelijke handelsrente.
        costs: Scales of collection costs.
        trade_sum: The fixed sum in trade.
        cumulation: The rule for recurring instalments.
        vat: The general rate of VAT.
        terms: Terms, of each the newest.
        extra_holidays: Days made equal to a holiday by decree.
        checked: Per file the day on which it was last compared with its sources.
        digest: `sha256:…` over the texts that the figures were read from.
    """

    statutory: RateTable
    commercial: RateTable
    costs: tuple[CostScale, ...]
    trade_sum: tuple[TradeSum, ...]
    cumulation: tuple[Cumulation, ...]
    vat: tuple[VatRate, ...]
    terms: Terms
    extra_holidays: frozenset[date]
    checked: Mapping[str, date]
    digest: str

    def rates(self, kind: InterestKind) -> RateTable:
        """Return the table of a statutory kind of interest.

        Raises:
            ValueError: For contractual interest, whose rate stands in the contract alone.
        """
        match kind:
            case InterestKind.STATUTORY:
                return self.statutory
            case InterestKind.COMMERCIAL:
                return self.commercial
            case InterestKind.CONTRACTUAL:
                raise ValueError("the rate of contractual interest stands in the contract")
            case _ as never:
                assert_never(never)

    def scale_on(self, day: date) -> CostScale | None:
        """Return the scale of collection costs of that day, None before the first."""
        return _in_force(self.costs, day)

    def trade_sum_on(self, day: date) -> TradeSum | None:
        """Return the fixed sum in trade of that day, None before the first."""
        return _in_force(self.trade_sum, day)

    def cumulation_on(self, day: date) -> Cumulation | None:
        """Return the rule for recurring instalments of that day, None before the first."""
        return _in_force(self.cumulation, day)

    def vat_on(self, day: date) -> Decimal | None:
        """Return the general rate of VAT of that day in percent, None before the first."""
        rate = _in_force(self.vat, day)
        return rate.percent if rate else None

    def stale_files(self, today: date) -> tuple[str, ...]:
        """Return the files that were not checked for the half-year that today lies in."""
        unchecked = {file for file, day in self.checked.items() if today > half_year_known(day)}
        ended = {
            f"{table.kind}_interest.toml"
            for table in (self.statutory, self.commercial)
            if today > table.complete_through
        }
        return tuple(sorted(unchecked | ended))

    def stale_on(self, today: date) -> bool:
        """Whether some table was not checked for the half-year that today lies in."""
        return bool(self.stale_files(today))


def agreed_rate(percent: Decimal, clause: str) -> RateTable:
    """Return the table of an agreed rate, which holds on every day.

    Args:
        percent: Percent per year.
        clause: Where it was agreed, as in `art. 9 AV 2025`.
    """
    rate = Rate(from_=date.min, percent=percent, source=clause, checked_on=date.min)
    return RateTable(
        kind=InterestKind.CONTRACTUAL,
        article=clause,
        rates=(rate,),
        complete_through=date.max,
        checked_on=date.min,
    )


def read_figures(texts: Mapping[str, str], overrides: Mapping[str, str] = _NOTHING) -> Figures:
    """Return the figures in the texts.

    Args:
        texts: File name to text: all tables that come with maan.
        overrides: File name to text: rows that are added, or that replace the row of the same
            date of effect; `checked_on` and `complete_through` of the table may move.

    Raises:
        FiguresError: `figures_faults` with all `faults` of all files.
    """
    tables = read_tables(texts, overrides)
    return Figures(
        statutory=_rate_table(tables, InterestKind.STATUTORY),
        commercial=_rate_table(tables, InterestKind.COMMERCIAL),
        costs=_scales(tables),
        trade_sum=tuple(
            TradeSum(**_plain(row)) for row in tables.rows("collection_costs.toml", "trade_sum")
        ),
        cumulation=tuple(
            Cumulation(**_plain(row)) for row in tables.rows("collection_costs.toml", "cumulation")
        ),
        vat=tuple(VatRate(**_plain(row)) for row in tables.rows("vat.toml", "rate")),
        terms=Terms(**{row["name"]: row["value"] for row in tables.rows("terms.toml", "term")}),
        extra_holidays=frozenset(row["from"] for row in tables.rows("holidays.toml", "holiday")),
        checked={file: head["checked_on"] for file, head in tables.heads.items()},
        digest=tables.digest,
    )


def _rate_table(tables: Tables, kind: InterestKind) -> RateTable:
    file = f"{kind}_interest.toml"
    head = tables.heads[file]
    return RateTable(
        kind=kind,
        article=head["article"],
        rates=tuple(Rate(**_plain(row)) for row in tables.rows(file, "rate")),
        complete_through=head["complete_through"],
        checked_on=head["checked_on"],
    )


def _scales(tables: Tables) -> tuple[CostScale, ...]:
    rows = [_plain(row) for row in tables.rows("collection_costs.toml", "scale")]
    slices = [
        tuple(CostSlice(up_to=bound, percent=percent) for bound, percent in row.pop("slices"))
        for row in rows
    ]
    return tuple(CostScale(**row, slices=own) for row, own in zip(rows, slices, strict=True))


def _plain(row: Row) -> dict[str, Any]:
    """Return the row by the names of the record: `from` is a word of the language."""
    return {"from_" if name == "from" else name: value for name, value in row.items()}


class _Dated(Protocol):
    @property
    def from_(self) -> date: ...


_Row = TypeVar("_Row", bound=_Dated)


def _in_force(rows: Sequence[_Row], day: date) -> _Row | None:
    at = bisect_right(rows, day, key=lambda row: row.from_)
    return rows[at - 1] if at else None
