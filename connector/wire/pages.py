"""Lists as a remote hands them out: read in pieces, or page by page."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from connector.port.errors import AdapterError, ContractChangedError, UnavailableError

_LARGEST: Final = 16 * 1024 * 1024  # characters; a list element beyond this is a broken list
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_LINK: Final = re.compile(r"<([^<>]*)>([^<]*)")
_RELATIONS: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]+))", re.IGNORECASE)


def objects(chunks: Iterator[bytes], *, endpoint: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON array while it comes in, in constant memory.

    Numbers with a point are Decimals.

    Args:
        chunks: The body, cut anywhere.
        endpoint: For the errors.

    Raises:
        UnavailableError: The list breaks off or can't be read further (`wire_truncated`); what was
            yielded before is right, but it is not the whole list.
        ContractChangedError: The answer is no list of objects (`wire_no_list`).
    """
    return _Reading(chunks, endpoint).objects()


def next_link(headers: Mapping[str, str]) -> str | None:
    """Return the address of the next page by RFC 8288, None at the last one.

    Args:
        headers: Names in small letters.
    """
    for address, parameters in _LINK.findall(headers.get("link", "")):
        for quoted, bare in _RELATIONS.findall(parameters):
            if "next" in (quoted or bare).lower().split():
                return str(address).strip()
    return None


class LoopGuard:
    """Notices that a remote sends us round in circles."""

    def __init__(self, *, endpoint: str) -> None:
        self._endpoint = endpoint
        self._seen: set[str] = set()

    def check(self, link: str) -> str:
        """Return the link when it is new.

        Raises:
            ContractChangedError: It was followed before (`wire_loop`).
        """
        if link in self._seen:
            raise ContractChangedError("wire_loop", endpoint=self._endpoint)
        self._seen.add(link)
        return link


class _Reading:
    """A window of text that slides over the body."""

    def __init__(self, chunks: Iterable[bytes], endpoint: str) -> None:
        self._chunks = iter(chunks)
        self._endpoint = endpoint
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._json = JSONDecoder(parse_float=Decimal, parse_constant=_no_number)
        self._flat = True
        self._text = ""
        self._at = 0

    def objects(self) -> Iterator[dict[str, Any]]:
        if self._next_sign() != "[":
            raise ContractChangedError("wire_no_list", endpoint=self._endpoint)
        self._at += 1
        sign = self._next_sign()
        while sign != "]":
            if sign != "{":
                raise self._not_an_object(sign)
            yield from self._run()
            sign = self._next_sign()
            if sign == ",":
                self._at += 1
                sign = self._next_sign()
                if sign == "]":
                    raise self._truncated()
            elif sign != "]":
                raise self._truncated()
        self._at += 1
        self._finish()

    def _run(self) -> Iterator[dict[str, Any]]:
        """Yield objects for as long as one follows the other directly in the text at hand."""
        while True:
            yield from self._many()
            try:
                while True:
                    value, self._at = self._json.raw_decode(self._text, self._at)
                    yield value
                    if not self._text.startswith(",{", self._at):
                        return
                    self._at += 1
            except JSONDecodeError:
                # Twice as much before the next try, or a large object would be read again and
                # again from its start.
                self._more(2 * (len(self._text) - self._at))
            except (ValueError, RecursionError) as error:  # no number, or too deep
                raise self._truncated() from error

    def _many(self) -> list[dict[str, Any]]:
        """Return the objects at hand but the last, read in one go; nothing where they hold others.

        Of lists of ids, half the time goes into asking for one after the other. A cut inside an
        object or a text leaves something open, so it is always noticed.
        """
        cut = self._text.rfind("},{", self._at) if self._flat else -1
        if cut < 0:
            return []
        try:
            rows: list[Any] = self._json.decode(f"[{self._text[self._at : cut + 1]}]")
        except (ValueError, RecursionError):
            rows = []
        if set(map(type, rows)) != {dict}:
            self._flat = False
            return []
        self._at = cut + 2
        return rows

    def _not_an_object(self, sign: str) -> AdapterError:
        if sign in "}:,":
            return self._truncated()
        return ContractChangedError("wire_no_list", endpoint=self._endpoint)

    def _finish(self) -> None:
        """Read on to the end: what follows a list is a broken answer."""
        self._at = self._skip()
        while self._at == len(self._text):
            if not self._fill():
                return
            self._at = self._skip()
        raise self._truncated()

    def _next_sign(self) -> str:
        while True:
            self._at = self._skip()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                raise self._truncated()

    def _skip(self) -> int:
        found = _SPACE.match(self._text, self._at)
        return found.end() if found else self._at

    def _more(self, wanted: int) -> None:
        """Have at least so many characters at hand, or as many as there are."""
        if wanted > _LARGEST:
            raise self._truncated()
        parts = [self._text[self._at :]]
        have = len(parts[0])
        before = have
        while have < wanted:
            part = self._part()
            if part is None:
                break
            parts.append(part)
            have += len(part)
        if have == before:
            raise self._truncated()
        self._text = "".join(parts)
        self._at = 0

    def _fill(self) -> bool:
        """Take the next piece in; False at the end."""
        part = self._part()
        if part is None:
            return False
        self._text = self._text[self._at :] + part
        self._at = 0
        return True

    def _part(self) -> str | None:
        """Return the next piece as text, None at the end."""
        try:
            for chunk in self._chunks:
                text = self._decode(chunk)
                if text:
                    return text
            self._decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise self._truncated() from error
        return None

    def _truncated(self) -> UnavailableError:
        return UnavailableError("wire_truncated", endpoint=self._endpoint)


def _no_number(name: str) -> None:
    raise ValueError(name)
