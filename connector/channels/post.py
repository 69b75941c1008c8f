"""Post: a PDF in a folder per collection day, with a print list for whoever folds and stamps."""

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock

from connector.channels.base import (
    Dispatched,
    Parcel,
    Prepared,
    checked_key,
    local_day,
    local_time,
)
from connector.channels.files import folder_errors, write_whole
from connector.port.errors import NotDeliveredError

PRINT_LIST: Final = "printlijst.csv"
COLUMNS: Final = (
    "bestand",
    "naam",
    "ter attentie van",
    "straat",
    "postcode",
    "plaats",
    "land",
    "kenmerk",
)
_LAST_COLLECTION: Final = time(17)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LOCK_SECONDS: Final = 30


class BusinessDays(Protocol):
    """Which days the post is collected."""

    def is_business_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        ...

    def next_business_day(self, day: date) -> date:
        """Return the day itself or the first business day after it."""
        ...


class PostChannel:
    """Writes `DAY/KEY.pdf` and a line of `DAY/printlijst.csv`; both there: delivered."""

    name = "post"

    def __init__(self, folder: Path, calendar: BusinessDays) -> None:
        """Keep the folder and the calendar; nothing is written yet."""
        self._folder = folder
        self._calendar = calendar

    def prepare(self, parcel: Parcel) -> Prepared:
        """Return the letter as it will be printed.

        Raises:
            NotDeliveredError: `post_without_letter` or `post_address_missing`.
        """
        recipient = parcel.recipient
        if parcel.pdf is None:
            raise _refused("post_without_letter")
        if not (recipient.street and recipient.postcode and recipient.city):
            raise _refused("post_address_missing")
        return Prepared(
            parcel=parcel,
            media_type="application/pdf",
            name=f"{checked_key(parcel.key)}.pdf",
            content=parcel.pdf,
            recipient=f"{recipient.street}, {recipient.postcode}, {recipient.city}",
        )

    def send(self, prepared: Prepared) -> Dispatched:
        """Put the letter ready; a second time changes nothing, on whatever day."""
        key = prepared.parcel.key
        with folder_errors(), self._lock():
            done = self._found(key)
            if done is not None:
                return done
            # A letter that was written but not listed stays on its own day.
            begun = next(self._folder.glob(f"*/{key}.pdf"), None)
            day = self._collection_day(prepared) if begun is None else begun.parent.name
            folder = self._folder / day
            write_whole(folder / f"{key}.pdf", prepared.content)
            write_whole(folder / PRINT_LIST, _listed(folder / PRINT_LIST, prepared.parcel))
        return _dispatched(key, day, prepared.recipient)

    def find(self, key: str) -> Dispatched | None:
        """Return the day on which the letter is listed, None when it is on no list."""
        with folder_errors():
            return self._found(checked_key(key))

    def _found(self, key: str) -> Dispatched | None:
        for file in sorted(self._folder.glob(f"*/{key}.pdf")):
            for row in _rows(file.parent / PRINT_LIST):
                if row[:1] == [file.name]:
                    return _dispatched(key, file.parent.name, ", ".join(row[3:6]))
        return None

    def _collection_day(self, prepared: Prepared) -> str:
        created = prepared.parcel.created
        day = collection_day(created, self._calendar)
        return day.isoformat()

    def _lock(self) -> FileLock:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / ".lock", timeout=_LOCK_SECONDS)


def collection_day(created: datetime, calendar: BusinessDays) -> date:
    """Return the day on which the post takes the letter: today before 17:00, else the next.

    Only business days count; the hour is that of Amsterdam.
    """
    today = local_day(created)
    if calendar.is_business_day(today) and local_time(created).time() < _LAST_COLLECTION:
        return today
    return calendar.next_business_day(today + timedelta(days=1))


def _listed(file: Path, parcel: Parcel) -> bytes:
    to = parcel.recipient
    row = (
        f"{parcel.key}.pdf",
        to.name,
        to.contact,
        to.street,
        to.postcode,
        to.city,
        to.country,
        to.ref,
    )
    rows = [COLUMNS, *_rows(file), tuple(_safe(cell) for cell in row)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _rows(file: Path) -> list[list[str]]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))[1:]


def _safe(cell: str | None) -> str:
    """Return the cell on one line, so that no spreadsheet takes it for a formula."""
    text = " ".join((cell or "").split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _dispatched(key: str, day: str, recipient: str) -> Dispatched:
    return Dispatched(
        reference=f"{day}/{key}.pdf",
        on=date.fromisoformat(day),
        reply=f"{day}/{PRINT_LIST}",
        recipient=recipient,
    )


def _refused(code: str) -> NotDeliveredError:
    return NotDeliveredError(code, permanent=True, reply="")
