"""The only one that sends to Moneybird: one method a request, nothing decided here."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from adapters.moneybird.endpoints import MOST_IDS, Resource
from connector.port.errors import ContractChangedError, OutcomeUnknownError, RefusedError
from connector.wire.http import Http, Manners, Reply
from connector.wire.pace import Heard
from connector.wire.pages import objects
from connector.wire.places import endpoint_of

_FURTHEST_RESET: Final = timedelta(seconds=600)
_EPOCH: Final = re.compile(r"[0-9]{9,11}")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_CODE: Final = re.compile(r"[a-z][a-z0-9_.\[\]]{0,59}")
_WORD: Final = re.compile(r"[A-Za-z_']+")
_REFERENCE_LENGTH: Final = 200

# Words of which Moneybird's error texts are made. Any other word might be somebody's name.
_ERROR_WORDS: Final = """
a access active address all already amount an and any are array attachment be been before belong
belongs blank by can cannot contact contact_id credit custom date delivery details document does
domain draft due duplicate during email emails empty enabled end entity error exceed external
field filter for format found future greater has have id identity ids in include included includes
incorrect invalid invoice invoices is isn't item items language late least less limited list
locked long method missing model month months more must name no not note notes number of on only
open option or out page paid per_page period permissions positive price receipt receive record
reference reminder reminders removed required sales sales_invoice sales_invoices sending sent
settings short should start state status style support taken text than the this to token too type
unauthorized unique url use used user valid value verified version which with workflow wrong
"""


class Client:
    """Moneybird's API for one administration, behind one credential.

    Lists come as they are on the wire. Raises only AdapterError, but for `fetch` with too many ids.
    What is `urgent` may use the reserve of the budget.
    """

    def __init__(self, http: Http, administration: str) -> None:
        """Open nothing yet.

        Args:
            http: Knows the credential and the budget.
            administration: The id; may be empty where only `administrations` is asked.
        """
        self._http = http
        self._administration = administration

    @property
    def requests(self) -> int:
        """Requests sent so far, retries included."""
        return self._http.requests

    def versions(
        self,
        resource: Resource,
        filter: str | None = None,  # noqa: A002  # Moneybird's own word for it
        params: Mapping[str, str] | None = None,
    ) -> Iterator[tuple[int, int]]:
        """Yield id and version of every record, as the list is read from the line.

        Args:
            resource: What to list.
            filter: `key:value,key:value`; unknown keys are ignored by Moneybird in silence.
            params: Further parameters, such as include_archived.
        """
        path = self._path(f"{resource.value}/synchronization")
        query = {**(params or {}), **({"filter": filter} if filter is not None else {})}
        with self._http.stream("GET", path, params=query or None) as chunks:
            for row in objects(chunks, endpoint=path):
                yield _version(row, resource)

    def fetch(
        self, resource: Resource, ids: Sequence[int], *, urgent: bool = False
    ) -> list[dict[str, Any]]:
        """Return the records of the given ids, in Moneybird's order; those it lacks are absent.

        Raises:
            ValueError: There are more than 100 ids.
        """
        if len(ids) > MOST_IDS:
            raise ValueError(f"{len(ids)} ids in one request; {MOST_IDS} at most")
        if not ids:
            return []
        path = self._path(f"{resource.value}/synchronization")
        body = {"ids": [str(id_) for id_ in ids]}
        return _rows(self._http.read("POST", path, json=body, urgent=urgent), path)

    def exists(self, resource: Resource, id_: int) -> bool:
        """Return whether the record is there; a deleted one is not."""
        return self._http.read("GET", self._path(f"{resource.value}/{id_}")).status != 404

    def workflows(self, *, urgent: bool = False) -> list[dict[str, Any]]:
        """Return the workflows of invoices and estimates, with their steps."""
        path = self._path("workflows")
        return _rows(self._http.read("GET", path, urgent=urgent), path)

    def administrations(self) -> list[dict[str, Any]]:
        """Return every administration that the credential reaches, suspended ones too."""
        path = "/api/v2/administrations.json"
        return _rows(self._http.read("GET", path), path)

    def remind(self, items: Sequence[Mapping[str, Any]], *, urgent: bool = False) -> None:
        """Send reminders, one for each item; the answer tells nothing, so read back.

        Raises:
            OutcomeUnknownError: They may have been sent, they may not.
        """
        body = {"sales_invoice_reminders": [dict(item) for item in items]}
        path = self._path(f"{Resource.SALES.value}/send_reminders")
        self._http.write("POST", path, json=body, urgent=urgent)

    def note(self, resource: Resource, id_: int, text: str, *, urgent: bool = False) -> int:
        """Write a note on a record and return the note's id."""
        path = self._path(f"{resource.value}/{id_}/notes")
        reply = self._http.write("POST", path, json={"note": {"note": text}}, urgent=urgent)
        note = _written(reply, path)
        try:
            return int(str(note.get("id")))
        except ValueError as error:
            raise OutcomeUnknownError("moneybird.answer_unreadable", endpoint="notes") from error

    def pause(self, id_: int, *, urgent: bool = False) -> dict[str, Any]:
        """Stop the workflow of a sales invoice and return the invoice."""
        path = self._path(f"{Resource.SALES.value}/{id_}/pause")
        return _written(self._http.write("POST", path, json={}, urgent=urgent), path)

    def resume(self, id_: int, *, urgent: bool = False) -> dict[str, Any]:
        """Let the workflow of a sales invoice go on and return the invoice."""
        path = self._path(f"{Resource.SALES.value}/{id_}/resume")
        return _written(self._http.write("POST", path, json={}, urgent=urgent), path)

    def mark_dubious(
        self, resource: Resource, id_: int, on: date, *, urgent: bool = False
    ) -> dict[str, Any]:
        """Book an invoice as dubious and return it.

        Raises:
            RefusedError: It is not open or late, it is a credit invoice, or the day is locked.
        """
        path = self._path(f"{resource.value}/{id_}/mark_as_dubious")
        body = {"dubious_date": on.isoformat()}
        return _written(self._http.write("PATCH", path, json=body, urgent=urgent), path)

    def pdf(self, id_: int) -> bytes:
        """Return a sales invoice as PDF; it lies with another host, which gets no credential."""
        return self._http.download(self._path(f"{Resource.SALES.value}/{id_}/download_pdf"))

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _path(self, rest: str) -> str:
        return f"/api/v2/{self._administration}/{rest}.json"


def limit_of(headers: Mapping[str, str], now: datetime) -> Heard | None:
    """Return what the rate headers say; they mean something else than their names.

    `RateLimit-Remaining` holds the seconds until the reset and is not read,
    `RateLimit-RequestsRemaining` the requests that are left, `RateLimit-Reset` an epoch second.
    """
    small = {name.lower(): value.strip() for name, value in headers.items()}
    left = small.get("ratelimit-requestsremaining", "")
    remaining = int(left) if _COUNT.fullmatch(left) else None
    resets_at = _reset(small.get("ratelimit-reset", ""), now)
    if remaining is None and resets_at is None:
        return None
    return Heard(remaining=remaining, resets_at=resets_at)


def error_of(status: int, body: bytes) -> str:
    """Return what an error answer says as codes and known words; never a value of the books.

    Free text may hold a name or an address: words that Moneybird does not use itself become `…`.
    """
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return str(status)
    if not isinstance(said, dict):
        return str(status)
    parts = [*_codes(said.get("symbolic")), *_codes(said.get("details"))]
    error = said.get("error")
    if not parts and isinstance(error, str):
        parts = [_known_words(error)]
    elif not parts and isinstance(error, dict):
        parts = sorted(str(name) for name in error if _CODE.fullmatch(str(name)))
    return " ".join([str(status), *parts])[:_REFERENCE_LENGTH]


MANNERS: Final = Manners(limit_of=limit_of, error_of=error_of)
"""What is particular to Moneybird on the line."""


def _reset(text: str, now: datetime) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    # The second is cut off: the window may end up to one later.
    at = datetime.fromtimestamp(int(text) + 1, UTC)
    return min(at, now + _FURTHEST_RESET)


def _codes(said: object) -> list[str]:
    """Return `field:code` for each field of symbolic, details or an error object."""
    if not isinstance(said, dict):
        return []
    codes = []
    for name, value in sorted(said.items(), key=lambda pair: str(pair[0])):
        if not _CODE.fullmatch(str(name)):
            continue
        found = [_code(entry) for entry in (value if isinstance(value, list) else [value])]
        codes.append(":".join([str(name), *sorted({code for code in found if code})]))
    return codes


def _code(entry: object) -> str | None:
    code = entry.get("error") if isinstance(entry, dict) else entry
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _known_words(text: str) -> str:
    known_words = frozenset(_ERROR_WORDS.split())
    words = [word.strip('.,:;()"') for word in text.split()]
    known = [
        word.lower() if _WORD.fullmatch(word) and word.lower() in known_words else "…"
        for word in words
    ]
    return " ".join(known)


def _version(row: Mapping[str, Any], resource: Resource) -> tuple[int, int]:
    try:
        return int(row["id"]), int(row["version"])
    except (KeyError, TypeError, ValueError) as error:
        raise ContractChangedError(
            "moneybird.list_row", endpoint=f"{resource.value}/synchronization"
        ) from error


def _found(reply: Reply, path: str) -> Reply:
    if reply.status == 404:
        raise RefusedError("moneybird.not_found", endpoint=endpoint_of(path))
    return reply


def _rows(reply: Reply, path: str) -> list[dict[str, Any]]:
    return _list(_found(reply, path).json(), path)


def _list(said: object, path: str) -> list[dict[str, Any]]:
    if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
        raise ContractChangedError("moneybird.no_list", endpoint=endpoint_of(path))
    return said


def _written(reply: Reply, path: str) -> dict[str, Any]:
    """Return the answer to a write; it was done, but an answer we can't read proves nothing."""
    try:
        said = reply.json()
    except ContractChangedError:
        said = None
    if not isinstance(said, dict):
        raise OutcomeUnknownError("moneybird.answer_unreadable", endpoint=endpoint_of(path))
    return said
