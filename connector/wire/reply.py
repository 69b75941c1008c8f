"""An answer that was read to its end, and whether it is what it seems."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from connector.port.errors import ContractChangedError
from connector.wire.trouble import Broken, Kind

_CLOSING: Final = {b"[": b"]", b"{": b"}", b'"': b'"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that was read to its end; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    endpoint: str = ""

    def json(self) -> Any:  # noqa: ANN401  # the border: whatever the remote says
        """Return the body as JSON, numbers with a point as Decimal.

        Raises:
            ContractChangedError: It is no JSON (`wire_not_json`).
        """
        try:
            return json.loads(self.content, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ContractChangedError("wire_not_json", endpoint=self.endpoint) from error


def check_whole(reply: Reply) -> None:
    """Notice what a retry may mend.

    Raises:
        Broken: It is a page for people, or JSON that lost its end.
    """
    check_no_page(reply.headers, reply.content, status=reply.status)
    if "json" not in reply.headers.get("content-type", "") or reply.status == 204:
        return
    first, last = reply.content[:64].lstrip()[:1], reply.content[-64:].rstrip()[-1:]
    if not first or last != _CLOSING.get(first, last):
        raise Broken(Kind.TRUNCATED, status=reply.status)


def check_no_page(headers: Mapping[str, str], content: bytes, *, status: int) -> None:
    """Notice a page for people, such as a gateway's excuse with status 200.

    Args:
        headers: Names in small letters.
        content: The body, or its first piece.
        status: Of the answer.

    Raises:
        Broken: It is one.
    """
    named = headers.get("content-type", "").lower().startswith("text/html")
    if named or content[:64].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise Broken(Kind.HTML, status=status)


def _no_number(name: str) -> None:
    raise ValueError(name)
