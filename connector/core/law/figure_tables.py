"""The tables of the law by file: what each may hold, ours and a person's laid over each other."""

import hashlib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from connector.core.law.figure_forms import (
    AMOUNT,
    DAY,
    FLAG,
    PERCENT,
    SLICES,
    TEXT,
    WHOLE,
    Column,
    choice,
)  # fmt: skip
from connector.core.law.figure_rows import FigureFault, Row, Shape, Sheet, fault, read_sheet
from connector.port.errors import FiguresError

_MONTH: Final = timedelta(days=31)
_TERMS: Final = (
    "notice_days", "post_counting_days", "mail_day_ends", "extra_post_days", "claim_years",
    "consumer_sale_years", "interruption_years", "trade_default_days", "trade_longest_days",
    "public_body_days", "vat_relief_years",
)  # fmt: skip
_DATED: Final = {"from": DAY, "source": TEXT, "checked_on": DAY, "remembered": FLAG}
_RATE: Final = {**_DATED, "percent": PERCENT}
_RULE: Final = {**_DATED, "article": TEXT}
_HEAD: Final = {"article": TEXT, "checked_on": DAY}
_RATES: Final = Shape(head={**_HEAD, "complete_through": DAY}, rows={"rate": _RATE})
SHAPES: Final[Mapping[str, Shape]] = {
    "statutory_interest.toml": _RATES,
    "commercial_interest.toml": _RATES,
    "collection_costs.toml": Shape(
        head={"checked_on": DAY},
        rows={
            "scale": {**_RULE, "slices": SLICES, "minimum": AMOUNT, "maximum": AMOUNT},
            "trade_sum": {**_RULE, "amount": AMOUNT},
            "cumulation": {
                **_RULE, "instalment_at_most": AMOUNT, "most": AMOUNT, "window_months": WHOLE,
                "first": AMOUNT, "next": AMOUNT,
            },
        },
    ),
    "vat.toml": Shape(head=_HEAD, rows={"rate": _RATE}),
    "terms.toml": Shape(
        head={"checked_on": DAY},
        rows={"term": {**_RULE, "name": choice(_TERMS), "value": WHOLE}},
        identity=("from", "name"),
    ),
    "holidays.toml": Shape(head=_HEAD, rows={"holiday": {**_DATED, "name": TEXT}}),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All tables: per file its own keys and its rows.

    Attributes:
        heads: Per file the keys that stand above the rows.
        sheets: Per file the rows by name and identity.
        digest: `sha256:…` over all texts.
    """

    heads: Mapping[str, Row]
    sheets: Mapping[str, Sheet]
    digest: str

    def rows(self, file: str, name: str) -> list[Row]:
        """Return the rows of this name, ascending by date of effect."""
        return [row for _, row in sorted(self.sheets[file].rows[name].items())]


def read_tables(texts: Mapping[str, str], overrides: Mapping[str, str]) -> Tables:
    """Return the tables in the texts with the overrides laid over them.

    Args:
        texts: File name to text, every file of the shapes.
        overrides: File name to text, any of them; a row replaces that of the same identity.

    Raises:
        FiguresError: `figures_faults` with all `faults` of all files, and `path` for the file
            when only one is wrong.
    """
    ours, faults = _sheets(texts, SHAPES)
    faults += [fault("figures_absent", file) for file in SHAPES if file not in texts]
    theirs, more = _sheets(overrides, {file: _partial(one) for file, one in SHAPES.items()})
    faults += more
    sheets = {file: _over(sheet, theirs.get(file, Sheet())) for file, sheet in ours.items()}
    if not faults:
        faults = [one for file, sheet in sheets.items() for one in _too_late(file, sheet)]
    if faults:
        files = {str(one.facts["file"]) for one in faults}
        path = files.pop() if len(files) == 1 else "config/law"
        raise FiguresError("figures_faults", path=path, faults=tuple(faults))
    heads = {file: sheet.head for file, sheet in sheets.items()}
    return Tables(heads=heads, sheets=sheets, digest=_digest(texts, overrides))


def half_year_known(checked_on: date) -> date:
    """Return the last day whose rates can have been known on the day that a table was checked.

    The rates of a half-year are published in the month before it begins. Source: art. 6:120 BW.
    """
    later = checked_on + min(_MONTH, date.max - checked_on)
    month = 6 if later.month <= 6 else 12
    return date(later.year, month, monthrange(later.year, month)[1])


def _sheets(
    texts: Mapping[str, str], shapes: Mapping[str, Shape]
) -> tuple[dict[str, Sheet], list[FigureFault]]:
    sheets: dict[str, Sheet] = {}
    faults = []
    for file, text in sorted(texts.items()):
        if file not in shapes:
            faults.append(fault("figures_file", file, allowed=", ".join(shapes)))
            continue
        sheets[file], wrong = read_sheet(file, text, shapes[file])
        faults += wrong
    return sheets, faults


def _partial(shape: Shape) -> Shape:
    """Return the shape of an override: what stands above the rows may be left out."""
    head: dict[str, Column] = {
        name: replace(column, optional=True) for name, column in shape.head.items()
    }
    return replace(shape, head=head)


def _over(ours: Sheet, theirs: Sheet) -> Sheet:
    """Return ours with theirs on top; of two days of checking, or of the end, the later counts.

    So a file that a person wrote does not hold back the tables of a newer version.
    """
    rows = {name: {**own, **theirs.rows.get(name, {})} for name, own in ours.rows.items()}
    later = {
        name: max(day, ours.head[name])
        for name, day in theirs.head.items()
        if isinstance(day, date) and name in ours.head
    }
    lines = {**ours.lines, **theirs.lines}
    return Sheet(head={**ours.head, **theirs.head, **later}, rows=rows, lines=lines)


def _too_late(file: str, sheet: Sheet) -> Iterator[FigureFault]:
    """Yield what would count as known and can't be, and what is there and would never count."""
    through: date | None = sheet.head.get("complete_through")
    if through is None:
        return
    known = half_year_known(sheet.head["checked_on"])
    if through > known:
        facts: dict[str, Any] = {"checked_on": sheet.head["checked_on"], "allowed": known}
        yield fault("figures_through", file, found=through, **facts)
    for (day, *_), row in sheet.rows["rate"].items():
        if row["from"] > through:
            line = sheet.lines["rate", (day,)]
            yield fault("figures_after_end", file, line, found=row["from"], allowed=through)


def _digest(texts: Mapping[str, str], overrides: Mapping[str, str]) -> str:
    """Return a digest that changes with every name and every character of the texts."""
    seen = hashlib.sha256()
    for folder, files in (("figures", texts), ("config/law", overrides)):
        for file, text in sorted(files.items()):
            for part in (folder, file, text):
                data = part.encode("utf-8", "surrogatepass")
                seen.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{seen.hexdigest()}"
