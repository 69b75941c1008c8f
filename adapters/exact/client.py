"""The only one that sends to Exact: one method a kind of request, nothing decided here.

Requests go one after another: Exact warns that pages asked for side by side may lack rows.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from adapters.exact import odata
from adapters.exact.limits import Limits
from adapters.exact.odata import Page
from adapters.exact.tokens import ExactTokens
from connector.port.errors import (
    AuthorisationError,
    ContractChangedError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
)
from connector.port.tools import Tools
from connector.wire.http import Http, Manners, Reply
from connector.wire.pace import Heard
from connector.wire.places import endpoint_of

_ROOT: Final = "/api/v1"
_ME: Final = "current/Me"
_ME_FIELDS: Final = ("CurrentDivision", "UserID", "DivisionCustomerName", "LanguageCode")
_DIVISION_FIELDS: Final = (
    "Code", "Description", "CustomerName", "Status", "Currency", "Country", "BlockingStatus",
    "ChamberOfCommerceNumber", "VATNumber", "DivisionMoveDate", "DivisionHRLinkUnlinkDate",
)  # fmt: skip
_TRIES: Final = 3
_MOST_PAGES: Final = 5000  # more than a day allows
_REFERENCE_LENGTH: Final = 200
_CODE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_WORD: Final = re.compile(r"[A-Za-z_]+")
_REFUSED: Final = {"wire_unauthorised": 401, "wire_forbidden": 403}

# Words of which Exact's error texts are made. Any other word might be somebody's name.
_ERROR_WORDS: Final = """
a access account administration allowed already amount an and are attachment be been blocked body by
byte called can cannot category class closed code contact converting could create data date
delete denied division document does duplicate encountered endpoint entity entry error exceeded
exist exists expired expression failed field file filter for forbidden found guid has have id in
incorrect input invalid invoice is item key length limit locked mandatory maximum missing module
must name no not number object of on only operand operator or parameter period permission permitted
processed property query rate record reference request required resource right rights row select
server status string subject supported syntax task text that the there this to token too type
unauthorized unexpected unknown update use user valid value was web with write
"""


class Client:
    """Exact's API for one administration, by one consent. Raises only AdapterError."""

    def __init__(
        self, http: Http, tokens: ExactTokens, limits: Limits, division: int | None
    ) -> None:
        """Open nothing yet.

        Args:
            http: Knows who we are and the budget.
            tokens: Who we are.
            limits: Where to stop asking.
            division: None: only `me` is asked.
        """
        self.tokens: Final = tokens
        self.division: Final = division
        self._http = http
        self._refusals = limits.refusals

    @property
    def requests(self) -> int:
        """Requests sent so far, retries included; those for tokens are not counted here."""
        return self._http.requests

    def rows(
        self,
        path: str,
        *,
        select: Sequence[str],
        filter: str | None = None,  # noqa: A002  # OData's own word
        top: int | None = None,
        urgent: bool = False,
    ) -> Iterator[Page]:
        """Yield the pages of a list, one request each, following Exact's own links.

        Args:
            path: Within the administration, such as `sync/CRM/Accounts`.
            select: The fields; never empty.
            filter: As Exact has it, not encoded.
            top: At most so many rows, in one answer.
            urgent: The reserve of the budget may be used.

        Raises:
            ContractChangedError: The links lead elsewhere (`exact.foreign_page`), in a circle
                (`exact.page_loop`) or on from nothing (`exact.empty_page`), or rows of another
                administration came (`exact.other_division`).
            RefusedError: There is no such list (`exact.not_found`).
        """
        whole = self._path(path)
        asked = f"{whole}?{odata.query(select=select, filter=filter, top=top)}"
        seen = {asked}
        while True:
            page = odata.page_of(self._found(asked, path, urgent=urgent).json(), endpoint=path)
            self._check_division(page, path)
            yield page
            if page.next_link is None:
                return
            asked = self._following(page, whole)
            if asked in seen or len(seen) >= _MOST_PAGES:
                raise ContractChangedError("exact.page_loop", endpoint=path)
            seen.add(asked)

    def entity(
        self, path: str, *, select: Sequence[str] = (), urgent: bool = False
    ) -> dict[str, Any] | None:
        """Return one record, None when there is none; a miss counts as a refusal at Exact.

        Args:
            path: With its key, such as `crm/Accounts(guid'…')`.
            select: The fields; all when empty.
            urgent: The reserve of the budget may be used.
        """
        query = odata.query(select=select)
        asked = f"{self._path(path)}?{query}" if query else self._path(path)
        reply = self._read(asked, path, urgent=urgent)
        return (
            None if reply.status == 404 else odata.entity_of(reply.json(), endpoint=_endpoint(path))
        )

    def scalar(self, path: str, params: Mapping[str, str]) -> object:
        """Return a bare value; the parameters are literals, such as `'GET'`."""
        query = odata.encoded(params)
        reply = self._found(f"{self._path(path)}?{query}", path)
        return odata.scalar_of(reply.json(), endpoint=path)

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make a record and return it, as far as Exact repeats it.

        Raises:
            OutcomeUnknownError: It may have been made, it may not: look it up.
        """
        reply = self._write("POST", path, body)
        try:
            made = odata.entity_of(reply.json())
        except ContractChangedError:
            made = None
        if made is None:  # it was made, but an answer that we can't read proves nothing
            raise OutcomeUnknownError("exact.answer_unreadable", endpoint=_endpoint(path))
        return made

    def update(self, path: str, body: Mapping[str, Any]) -> None:
        """Change a record; the answer tells nothing.

        Raises:
            OutcomeUnknownError: It may have been changed, it may not: read it back.
        """
        self._write("PUT", path, body)

    def me(self) -> dict[str, Any]:
        """Return whose consent it is, and the administration that the person has open."""
        asked = f"{_ROOT}/{_ME}?{odata.query(select=_ME_FIELDS)}"
        said = odata.entity_of(self._found(asked, _ME).json(), endpoint=_ME)
        if said is None:
            raise ContractChangedError("exact.envelope", endpoint=_ME)
        return said

    def divisions(self) -> list[dict[str, Any]]:
        """Return the administrations that this one lets us see.

        Raises:
            AuthorisationError: The consent does not allow the list in this administration.
        """
        pages = self.rows("system/Divisions", select=_DIVISION_FIELDS)
        return [row for page in pages for row in page.rows]

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _read(self, asked: str, path: str, *, urgent: bool = False) -> Reply:
        endpoint = _endpoint(path)
        self._refusals.check(endpoint)
        with self._counting(endpoint):
            reply = self._http.read("GET", asked, urgent=urgent)
        if reply.status == 404:
            self._refusals.count(endpoint, 404)
        return reply

    def _found(self, asked: str, path: str, *, urgent: bool = False) -> Reply:
        reply = self._read(asked, path, urgent=urgent)
        if reply.status == 404:
            raise RefusedError("exact.not_found", endpoint=_endpoint(path))
        return reply

    def _write(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        endpoint = _endpoint(path)
        self._refusals.check(endpoint)
        with self._counting(endpoint):
            return self._http.write(method, self._path(path), json=dict(body))

    @contextmanager
    def _counting(self, endpoint: str) -> Iterator[None]:
        """Count what Exact counts against us, also a 401 that a new token mends."""
        expired = self.tokens.expired
        try:
            yield
        except RateLimitError:
            raise
        except AuthorisationError as error:
            self._refusals.count(endpoint, _REFUSED.get(error.code, 0))
            raise
        except RefusedError as error:
            status = error.facts.get("status")
            self._refusals.count(endpoint, status if isinstance(status, int) else 0)
            raise
        finally:
            for _ in range(self.tokens.expired - expired):
                self._refusals.count(endpoint, 401)

    def _following(self, page: Page, whole: str) -> str:
        """Return where Exact's link leads, as it stands."""
        if not page.rows:
            raise ContractChangedError("exact.empty_page", endpoint=endpoint_of(whole))
        link = self._http.same_origin(page.next_link or "")
        if odata.path_of(link) != odata.path_of(whole):
            raise ContractChangedError("exact.foreign_page", endpoint=endpoint_of(whole))
        return link

    def _check_division(self, page: Page, path: str) -> None:
        """Never let another administration's rows in."""
        for row in page.rows:
            theirs = row.get("Division")
            if theirs is not None and str(theirs) != str(self.division):
                raise ContractChangedError("exact.other_division", endpoint=path)

    def _path(self, path: str) -> str:
        if self.division is None:
            raise ValueError("no administration")
        return f"{_ROOT}/{self.division}/{path}"


def open_client(
    base_url: str, tokens: ExactTokens, tools: Tools, *, division: int | None
) -> Client:
    """Return a client of one administration; nothing is sent yet.

    Args:
        base_url: As the app's.
        tokens: Who we are.
        tools: Budgets, clock and log.
        division: None: only `me` is asked.

    Raises:
        SettingsError: The address can't be used.
    """
    limits = Limits(tools.budgets, host=tokens.host, client=tokens.client, division=division)
    http = Http(
        base_url,
        auth=tokens,
        budget=limits.budget,
        tools=tools,
        manners=manners(tokens, limits),
    )
    return Client(http, tokens, limits, division)


def manners(tokens: ExactTokens, limits: Limits) -> Manners:
    """Return what is particular to Exact on the line."""

    def limit_of(headers: Mapping[str, str], now: datetime) -> Heard | None:
        tokens.heard(headers)  # why a token is refused stands in the answer's headers alone
        return limits.heard(headers, now)

    return Manners(limit_of=limit_of, error_of=error_of, tries=_TRIES)


def error_of(status: int, body: bytes) -> str:
    """Return what an error answer says as code and known words; never a value of the books.

    Free text may hold a name: words that Exact does not use itself become `…`.
    """
    try:
        error = json.loads(body.decode("utf-8"))["error"]
        code, message = error.get("code"), error.get("message")
    except (ValueError, RecursionError, TypeError, LookupError, AttributeError):
        return str(status)
    said = message.get("value") if isinstance(message, dict) else message
    parts = [str(status)]
    if isinstance(code, str) and _CODE.fullmatch(code):
        parts.append(code)
    if isinstance(said, str):
        parts.append(_known_words(said))
    return " ".join(parts)[:_REFERENCE_LENGTH]


def _known_words(text: str) -> str:
    known_words = frozenset(_ERROR_WORDS.split())
    words = [word.strip(".,:;()\"'[]") for word in text.split()]
    known = [
        word.lower() if _WORD.fullmatch(word) and word.lower() in known_words else "…"
        for word in words
    ]
    return " ".join(known)


def _endpoint(path: str) -> str:
    """Return the resource of a path, without the key of a record."""
    return path.partition("(")[0]
