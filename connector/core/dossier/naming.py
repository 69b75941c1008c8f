"""Names of the files in a dossier: safe on every system, sorted as they should be read."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from connector.core.dossier.facts import Paper

_SUFFIX: Final = {
    "application/pdf": "pdf",
    "message/rfc822": "eml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/plain": "txt",
    "text/html": "html",
    "text/csv": "csv",
    "image/png": "png",
    "image/jpeg": "jpg",
}
_KNOWN: Final = frozenset(
    {*_SUFFIX.values(), "docx", "doc", "xlsx", "xls", "odt", "ods", "msg", "jpeg", "tif", "tiff"}
)
_LONGEST_REFERENCE: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPaper:
    """A paper and its name in the archive, as in `invoices/01_invoice_2026-08-01_F2026-12.pdf`."""

    name: str
    paper: Paper

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hex."""
        return hashlib.sha256(self.paper.content).hexdigest()


def name_papers(folder: str, papers: Sequence[Paper]) -> tuple[NamedPaper, ...]:
    """Return each paper with its name `<nn>_<type>_<yyyy-mm-dd>_<ref>.<suffix>`, order kept.

    The running number makes names unique; what the world wrote in a reference is reduced to plain
    letters, digits, dot and hyphen, so that no name can leave its folder.
    """
    width = max(2, len(str(len(papers))))
    return tuple(
        NamedPaper(name=f"{folder}/{number:0{width}}_{_stem(paper)}", paper=paper)
        for number, paper in enumerate(papers, start=1)
    )


def is_safe_name(name: str) -> bool:
    """Whether a name stays inside the archive on every system, and says what it seems to say."""
    if not name or len(name) > 200 or not name.isascii() or not name.isprintable():
        return False
    if "\\" in name or ":" in name:
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


def plain(text: str) -> str:
    """Return text reduced to plain letters, digits, dot and hyphen; `x` when nothing is left."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9.]+", "-", flat)
    return re.sub(r"\.{2,}", ".", words).strip("-.")[:_LONGEST_REFERENCE].strip("-.") or "x"


def names_of(found: Iterable[NamedPaper]) -> list[str]:
    """Return just the names."""
    return [named.name for named in found]


def _stem(paper: Paper) -> str:
    suffix = _SUFFIX.get(paper.media_type) or _suffix_of(paper.description)
    return f"{paper.type}_{paper.on.isoformat()}_{plain(paper.reference)}.{suffix}"


def _suffix_of(file_name: str) -> str:
    """Return the ending of the name that a person gave the file, `bin` when it is no document's."""
    ending = file_name.rpartition(".")[2].lower()
    return ending if ending in _KNOWN else "bin"
