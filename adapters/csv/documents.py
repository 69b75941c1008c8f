"""The invoices themselves: `documents/NUMBER.pdf`."""

import re
from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 25 * 1024 * 1024
_UNSAFE: Final = re.compile(r"[^\w.,+()=@ -]")
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def file_stem(number: str) -> str | None:
    """Return the invoice number as a file name without ending, None when nothing is left of it.

    Marks that a file name can't hold, as in `2026/1187`, become `-`.
    """
    stem = _UNSAFE.sub("-", number).strip(" .")
    if not stem or len(stem) > 150 or _DEVICES.fullmatch(stem) or not stem.strip("-"):
        return None
    return stem


def read_pdf(folder: Path, number: str) -> bytes | None:
    """Return the PDF of an invoice, None when there is none or it is no PDF.

    Only a file in the folder itself is read; a link that leads out of it is not followed.
    """
    stem = file_stem(number)
    if stem is None or not folder.is_dir():
        return None
    for ending in (".pdf", ".PDF"):
        path = folder / f"{stem}{ending}"
        try:
            if path.is_file() and path.resolve().parent == folder.resolve():
                if path.stat().st_size > _MOST_BYTES:
                    return None
                content = path.read_bytes()
                return content if b"%PDF-" in content[:1024] else None
        except OSError:
            return None
    return None
