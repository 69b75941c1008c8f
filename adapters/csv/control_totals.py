"""Totals that the file prints below its rows, held against the rows."""

from decimal import Decimal

from adapters.csv.faults import note, refuse
from adapters.csv.mapping import ItemMapper
from adapters.csv.sheet import Grid, RowIs
from connector.port.errors import RecordError
from connector.port.records import Rejected


def check_totals(grid: Grid, mapper: ItemMapper) -> tuple[Rejected, ...]:
    """Compare each printed total with the rows above it.

    A total may be that of all rows so far, or of the rows since the total before it.

    Returns:
        A warning when a total could not be compared, because a row above it can't be read or
        holds another currency.

    Raises:
        RefusedError: A total differs from its rows: the file is not what was printed.
    """
    file = mapper.reading.file
    all_rows, since = Decimal(0), Decimal(0)
    currencies: set[str] = set()
    has_unread = False
    for line, what, cells in grid.walk():
        match what:
            case RowIs.DATA:
                try:
                    amount = mapper.open_amount(cells)
                    currencies.add(mapper.currency(cells))
                except RecordError:
                    has_unread = True
                    continue
                all_rows += amount
                since += amount
            case RowIs.TOTAL:
                printed = _printed(mapper, cells)
                if printed is None:
                    continue
                if has_unread or len(currencies) > 1:
                    return (note(file, line, "file.total_unchecked"),)
                if printed not in {all_rows, since}:
                    raise refuse(
                        "file.total_mismatch", line=line, ours=f"{all_rows:.2f}", theirs=printed
                    )
                since = Decimal(0)
            case RowIs.NOTHING:
                pass
            case RowIs.COLUMN_COUNT | RowIs.CONTROL_CHARACTERS | RowIs.FIELD_TOO_LARGE:
                has_unread = True
    return ()


def _printed(mapper: ItemMapper, cells: list[str]) -> Decimal | None:
    try:
        return mapper.open_amount(cells)
    except RecordError:
        return None
