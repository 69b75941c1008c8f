"""How the rows of one file are read: what the first pass decided, for the second to go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from adapters.csv.columns import Columns
from adapters.csv.dates import DateReader
from adapters.csv.numbers import AmountReader
from connector.port.records import Ledger

Cells = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that was decided about one file before its rows are mapped.

    Attributes:
        by_name: The name is the key of a party, for want of a number.
        currency: What an empty or absent currency means; None: it must be there.
        term_days: The due date is so many days after the invoice date when the file has none.
        reversed_sign: The file writes what we write with the other sign.
        today: The day against which dates are plausible.
    """

    file: str
    ledger: Ledger
    columns: Columns
    amounts: AmountReader
    dates: Mapping[str, DateReader]
    by_name: bool = False
    currency: str | None = "EUR"
    term_days: int | None = None
    reversed_sign: bool = False
    today: date
