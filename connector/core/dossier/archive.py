"""The ZIP of a dossier: written the same way every time, read with limits."""

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from connector.core.dossier.naming import is_safe_name

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 256 * 1024 * 1024
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the ZIP format knows no time before
_READABLE: Final = 0o644 << 16
_UNIX: Final = 3
_DAMAGE: Final = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
    OverflowError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with a dossier: a code of the message catalogue, and where."""

    code: str
    where: str = ""


def write_archive(files: Mapping[str, bytes], day: date) -> bytes:
    """Return a ZIP of these files, sorted by name, each dated with the given day.

    Nothing is compressed: the bytes then don't depend on the compressor, so the same files give
    the same archive everywhere, and one that unpacks to more than it weighs can't be ours.
    """
    stamp = max(_EARLIEST, (day.year, day.month, day.day, 0, 0, 0))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            archive.writestr(entry, files[name])
    return kept.getvalue()


def read_archive(content: bytes) -> dict[str, bytes] | Fault:
    """Return the files of an archive by name, or why they are not read.

    Refused are archives that are too large or no ZIP, compressed ones (ours never are), those that
    say to hold more than their own weight, and any unsafe or double name.
    """
    if len(content) > MOST_BYTES:
        return Fault(code="dossier_too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            refusal = _refusal(entries, len(content))
            if refusal is not None:
                return refusal
            return {entry.filename: archive.read(entry) for entry in entries}
    except _DAMAGE:
        return Fault(code="dossier_not_readable")


def _refusal(entries: list[zipfile.ZipInfo], weight: int) -> Fault | None:
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        return Fault(code="dossier_repacked")
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > weight:
        return Fault(code="dossier_too_large")
    names = [entry.filename for entry in entries]
    if not all(is_safe_name(name) for name in names):
        return Fault(code="dossier_unsafe_name")
    if len(set(names)) != len(names):
        return Fault(code="dossier_name_twice")
    return None
