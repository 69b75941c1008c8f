"""The bytes of a file: what it is, how it is encoded, and whether it is whole."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from adapters.csv.faults import refuse

MOST_BYTES: Final = 50 * 1024 * 1024
LONG_LINE: Final = 10_000
_CHUNK: Final = 1 << 18
_ASCII_CONTROLS: Final = bytes(
    b for b in range(0x80) if (b < 0x20 and b not in b"\t\n\r\x1a") or b == 0x7F
)
CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_MAGIC: Final = (
    (b"\x1f\x8b", "file.is_archive"),
    (b"Rar!", "file.is_archive"),
    (b"7z\xbc\xaf", "file.is_archive"),
    (b"%PDF", "file.is_pdf"),
    (b"\xd0\xcf\x11\xe0", "file.is_old_xls"),
)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the bytes of a text file show.

    Attributes:
        encoding: Python's name of it.
        uncertain: The encoding was guessed, nothing in the file says it.
        newline: What ends a line: a line feed (also after a return) or a lone carriage return.
        controls: It holds control characters somewhere.
        long_lines: A line may be so long that some field in it is too large.
        open_end: The last line does not end.
    """

    encoding: str
    uncertain: bool = False
    newline: str = "\n"
    controls: bool = False
    long_lines: bool = True
    open_end: bool = False


def is_zip(path: Path) -> bool:
    """Return whether it is a ZIP file, as a workbook is."""
    with path.open("rb") as stream:
        return stream.read(4) == ZIP


def sha256(path: Path) -> str:
    """Return the digest of the bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def probe(path: Path, encoding: str | None) -> Probe:
    """Return what a text file is, reading it once.

    Args:
        path: The file.
        encoding: What the settings say; None lets the ladder decide: byte order mark, UTF-16 by
            its zero bytes, strict UTF-8, then Windows-1252.

    Raises:
        RefusedError: It is empty, too large, no text, or in no encoding that we know.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise refuse("file.too_large", megabytes=size >> 20, most=MOST_BYTES >> 20)
    with path.open("rb") as stream:
        start = stream.read(1024)
        _refuse_magic(start)
        for ladder in (encoding,) if encoding else _ladder(start):
            try:
                return _scan(
                    stream, ladder, uncertain=encoding is None and _is_guess(ladder, start)
                )
            except UnicodeDecodeError as error:
                failed = error
        raise refuse("file.encoding", encoding=failed.encoding) from failed


def _refuse_magic(start: bytes) -> None:
    if not start.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n\x1a"):
        raise refuse("file.empty")
    for magic, code in _MAGIC:
        if start.startswith(magic):
            raise refuse(code)
    plain = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith(b"<"):
        is_html = any(tag in plain for tag in (b"<html", b"<!doctype html", b"<table", b"<body"))
        raise refuse("file.is_html" if is_html else "file.is_xml")


def _ladder(start: bytes) -> tuple[str, ...]:
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return (encoding,)
    zeros = (start[0::2].count(0), start[1::2].count(0))
    half = len(start) // 2
    if half >= 2 and max(zeros) > half * 0.6 and min(zeros) < half * 0.1:
        return ("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le",)
    return ("utf-8", "cp1252")


def _is_guess(encoding: str, start: bytes) -> bool:
    has_bom = any(start.startswith(bom) for bom, _ in _BOMS)
    return not has_bom and encoding != "utf-8"


def _scan(stream: BinaryIO, encoding: str, *, uncertain: bool) -> Probe:
    line_feeds = returns = controls = total = 0
    last, longest, begun = "", 0, 0
    for text, hits in _decoded(stream, encoding):
        if "\x00" in text:
            raise refuse(
                "file.nul_bytes", line=line_feeds + text[: text.index("\x00")].count("\n") + 1
            )
        first, *others = map(len, text.split("\n"))
        longest = max(longest, begun + first, *others)
        begun = others[-1] if others else begun + first
        line_feeds += len(others)
        returns += text.count("\r")
        controls += hits
        total += len(text)
        last = text[-1:] or last
    if controls * 20 > total:
        raise refuse("file.not_text")
    return Probe(
        encoding=encoding,
        uncertain=uncertain,
        newline="\r" if returns and not line_feeds else "\n",
        controls=controls > 0,
        long_lines=longest >= LONG_LINE,
        open_end=last not in {"\n", "\r", "\x1a"},
    )


def _decoded(stream: BinaryIO, encoding: str) -> Iterator[tuple[str, int]]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        if chunk.isascii() and not encoding.startswith("utf-16"):
            text = decoder.decode(chunk)
            yield text, len(chunk) - len(chunk.translate(None, _ASCII_CONTROLS))
        else:
            text = decoder.decode(chunk)
            yield text, len(CONTROLS.findall(text))
    yield decoder.decode(b"", final=True), 0
