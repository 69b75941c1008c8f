"""Workbooks: the cells of the sheet with the open items, as text with their row numbers."""

import csv
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Final

from openpyxl import load_workbook

from adapters.csv.faults import refuse
from adapters.csv.probe import MOST_BYTES
from connector.port.errors import RefusedError

_MOST_UNPACKED: Final = 1024 * 1024 * 1024
_LOOK_AT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A sheet, written out as rows of text; the first cell of a row is its number in the sheet."""

    stream: IO[str]
    sheet: str
    other_sheets: tuple[str, ...]  # sheets that hold something too and are not read


def unpack(path: Path, looks_like_header: Callable[[Sequence[str]], int]) -> Unpacked:
    """Return the sheet in which a header is found, else the first.

    Args:
        path: The workbook.
        looks_like_header: Returns how many headers we know stand in a row.

    Raises:
        RefusedError: It is no workbook, or damaged.
    """
    _check_archive(path)
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that we do not read
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                return _unpack(book.worksheets, looks_like_header)
            finally:
                book.close()
    except RefusedError:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged file makes it meet
        raise refuse("file.truncated") from error


def _check_archive(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise refuse("file.too_large", megabytes=path.stat().st_size >> 20, most=MOST_BYTES >> 20)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refuse("file.truncated") from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise refuse("file.is_archive")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MOST_UNPACKED:
        raise refuse("file.too_large", megabytes=unpacked >> 20, most=_MOST_UNPACKED >> 20)


def _unpack(sheets: Sequence[Any], looks_like_header: Callable[[Sequence[str]], int]) -> Unpacked:
    best, filled = None, []
    for sheet in sheets:
        sheet.reset_dimensions()
        scores = [
            (looks_like_header(cells), any(cells))
            for cells in map(_cells, sheet.iter_rows(max_row=_LOOK_AT))
        ]
        if any(has_cells for _, has_cells in scores):
            filled.append(sheet)
            if best is None or max(scores)[0] > best[0]:
                best = (max(scores)[0], sheet)
    if best is None:
        raise refuse("file.empty")
    chosen = best[1]
    stream = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115  # lent
    try:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        for number, row in enumerate(chosen.iter_rows(), start=1):
            cells = _cells(row)
            if any(cells):
                writer.writerow([str(number), *cells])
    except BaseException:
        stream.close()
        raise
    others = tuple(str(sheet.title) for sheet in filled if sheet is not chosen)
    return Unpacked(stream=stream, sheet=str(chosen.title), other_sheets=others)


def _cells(row: Iterable[Any]) -> list[str]:
    cells = [_text(cell.value, str(cell.number_format or "")) if cell.value is not None else ""
             for cell in row]  # fmt: skip
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: object, number_format: str) -> str:
    match value:
        case str():
            return value.replace("\x00", "")
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
        case date():
            return value.isoformat()
        case int():
            return str(value).zfill(_zeros(number_format))
        case _:
            return _number(value, number_format)


def _number(value: object, number_format: str) -> str:
    text = format(value, ".15g") if hasattr(value, "is_integer") else str(value)
    whole, _, cents = text.partition(".")
    if not cents:
        return whole.zfill(_zeros(number_format))
    # Three decimals would look like thousands; a fourth says that it is none.
    return f"{text}0" if len(cents) == 3 else text


def _zeros(number_format: str) -> int:
    return len(number_format) if number_format and set(number_format) == {"0"} else 0
