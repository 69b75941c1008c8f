"""What a pull would read of one file, for `maan pull --check`; nothing is stored."""

from array import array
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from adapters.csv.duplicates import Terms, repeated_hashes
from adapters.csv.faults import as_note
from adapters.csv.folder import Found
from adapters.csv.items import ItemPass
from adapters.csv.party_book import PartyBook
from adapters.csv.settings import CsvSettings
from adapters.csv.sheet import Sheet
from adapters.csv.survey import Surveyor
from connector.port.adapter import InspectedFile
from connector.port.errors import RefusedError
from connector.port.money import Money
from connector.port.records import Kind, Rejected


def inspect_file(path: Path, kind: Kind, settings: CsvSettings, today: date) -> InspectedFile:
    """Return the dialect, the columns, the totals and the faults of one file."""
    book, keys = PartyBook(), array("q")
    try:
        sheet = Surveyor(settings=settings, book=book, today=today).survey(path, kind, 1, keys)
    except RefusedError as fault:
        return _nothing_read(path.name, kind.value, rejected=(as_note(fault, path.name),))
    else:
        doubts = tuple(doubt for _, found in book.parties() for doubt in found)
        return _read(sheet, kind, keys, doubts)
    finally:
        book.close()


def inspect_folder(found: Found) -> list[InspectedFile]:
    """Return what a pull says of the folder as a whole, an empty list when that is nothing."""
    nothing = found.nothing()
    if nothing is None and not found.warnings:
        return []
    rejected = () if nothing is None else (nothing,)
    return [_nothing_read(found.folder.name, "folder", rejected, found.warnings)]


def _nothing_read(
    name: str, kind: str, rejected: tuple[Rejected, ...], warnings: tuple[Rejected, ...] = ()
) -> InspectedFile:
    return InspectedFile(
        name=name,
        kind=kind,
        dialect={},
        columns={},
        ignored_columns=(),
        rows=0,
        totals=(),
        rejected=rejected,
        warnings=warnings,
    )


def _read(
    sheet: Sheet, kind: Kind, keys: "array[int]", doubts: Sequence[Rejected]
) -> InspectedFile:
    sums: dict[str, Decimal] = {}
    rejected: list[Rejected] = []
    warnings = [*sheet.warnings, *doubts]
    try:
        if sheet.reading is not None:
            for batch in ItemPass([sheet], repeated_hashes(keys), Terms()).batches():
                rejected.extend(batch.rejected)
                warnings.extend(batch.warnings)
                for item in batch.items:
                    currency = item.open.currency
                    sums[currency] = sums.get(currency, Decimal(0)) + item.open.amount
    finally:
        sheet.table.close()
    return InspectedFile(
        name=sheet.name,
        kind=kind.value,
        dialect=_dialect(sheet),
        columns={
            field: sheet.columns.headers[at] for field, at in sorted(sheet.columns.index.items())
        },
        ignored_columns=sheet.columns.ignored(),
        rows=sheet.data_rows,
        totals=tuple(Money(amount, currency) for currency, amount in sorted(sums.items())),
        rejected=tuple(rejected),
        warnings=tuple(warnings),
    )


def _dialect(sheet: Sheet) -> dict[str, str]:
    table, found = sheet.table, {"layout": sheet.layout}
    if table.probe is None:
        found["format"], found["sheet"] = "xlsx", table.sheet_name
    else:
        found["format"] = "csv"
        found["encoding"] = table.probe.encoding
        found["delimiter"] = {"\t": "tab"}.get(sheet.header.delimiter, sheet.header.delimiter)
    found["header_line"] = str(sheet.header.line)
    if sheet.reading is not None:
        found["decimal"] = sheet.reading.amounts.decimals.value
        for name, dates in sheet.reading.dates.items():
            found[f"date_format.{name}"] = dates.shape.value
        found["party_key"] = "name" if sheet.reading.by_name else "number"
        if sheet.reading.reversed_sign:
            found["sign"] = "reversed"
    if sheet.export_date is not None:
        found["export_date"] = sheet.export_date.isoformat()
    return found
