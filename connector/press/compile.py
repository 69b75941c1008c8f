"""Typst source, data and a time become the bytes of a PDF/A document."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Final

import typst

from connector.port.errors import MaanError

_STANDARD: Final = "a-2b"
_NO_GLYPH: Final = re.compile(r"text `\"(.*)\"` could not be displayed")


class Press:
    """Makes PDF/A-2b documents: tagged, fonts inside, the same bytes for the same input.

    Only the fonts that Typst carries are used, and those of the given folder: the fonts of the
    machine would make a letter look different elsewhere.
    """

    def __init__(self, fonts: Path | None = None) -> None:
        """Keep the folder of extra fonts; the fonts are loaded at the first document."""
        self._folder = fonts

    def pdf(self, source: str, data: Mapping[str, object], *, created: datetime | date) -> bytes:
        """Return the document.

        Args:
            source: Typst markup; it reads its data with `json(bytes(sys.inputs.data))`.
            data: JSON-ready values. They reach Typst only as data, never as markup.
            created: What the document gives as its time of making; a date means its midnight in
                UTC, as does a time without a zone.

        Raises:
            MaanError: `press_glyph_missing` when no font has a character of the data, else
                `press_failed`, with Typst's words, where in the source, and its hint.
        """
        try:
            found = typst.compile(
                source.encode(),
                format="pdf",
                font_paths=_fonts(self._folder),
                sys_inputs={"data": json.dumps(data)},
                pdf_standards=[_STANDARD],
                timestamp=_instant(created),
            )
        except typst.TypstError as error:
            raise _failure(error) from error
        assert isinstance(found, bytes)  # one document; a list is for pictures of its pages
        return found


@cache
def _fonts(folder: Path | None) -> typst.Fonts:
    paths: list[str] = [] if folder is None else [str(folder)]
    return typst.Fonts(include_system_fonts=False, font_paths=paths)


def _instant(created: datetime | date) -> datetime:
    if not isinstance(created, datetime):
        return datetime.combine(created, time.min, UTC)
    whole = created.replace(microsecond=0)  # a PDF knows no parts of a second
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)


def _failure(error: typst.TypstError) -> MaanError:
    lacking = _NO_GLYPH.search(error.message)
    if lacking is not None:
        return MaanError("press_glyph_missing", found=lacking[1])
    where = next((line.strip() for line in error.diagnostic.splitlines() if "┌─" in line), "")
    return MaanError(
        "press_failed",
        found=error.message,
        where=where.removeprefix("┌─").strip(),
        hint=" ".join(error.hints),
    )
