"""What maan keeps in Exact: documents with their files, notes and tasks, each written once.

Exact gives a record that is posted twice two times: before anything is written it is looked up by
the marker in its subject. Source: the facts about Exact Online, sections 2.6 and 8.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from adapters.exact import odata
from adapters.exact.client import Client
from adapters.exact.marks import file_name, is_marked, subject
from adapters.exact.settings import ExactSettings
from adapters.exact.surely import id_of, surely
from adapters.exact.whose import Whose
from connector.port.adapter import PushOrder
from connector.port.errors import AdapterError, ContractChangedError, RefusedError
from connector.port.tools import Clock

DOCUMENTS: Final = "documents/Documents"
ATTACHMENTS: Final = "documents/DocumentAttachments"
DOCUMENT_TYPES: Final = "documents/DocumentTypes"
NOTES: Final = "activities/CommunicationNotes"
TASKS: Final = "activities/Tasks"

OTHER, CALL = 0, 1
"""TaskType."""

_SLACK: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Where records of a kind lie, and which fields hold their marker and day."""

    path: str
    subject: str
    day: str


_DOCUMENT: Final = _Kind(path=DOCUMENTS, subject="Subject", day="DocumentDate")
_NOTE: Final = _Kind(path=NOTES, subject="Subject", day="Date")
_TASK: Final = _Kind(path=TASKS, subject="Description", day="ActionDate")


class Recorder:
    """Writes what is not there yet, and nothing twice."""

    def __init__(
        self, client: Callable[[], Client], settings: ExactSettings, *, clock: Clock
    ) -> None:
        """Ask nothing yet.

        Args:
            client: Gives the client of the administration.
            settings: What is kept, and as which type of document.
            clock: Waiting before something is read back.
        """
        self._client = client
        self._settings = settings
        self._clock = clock
        self._types: frozenset[int] | None = None  # known when they were asked and told
        self._are_types_asked = False

    def record(self, order: PushOrder, whose: Whose) -> str:
        """Keep a document, its file and a note, as far as they are not there; return its ID.

        Raises:
            RefusedError: Exact said no; for the type of the settings (`exact.document_type`), as
                far as it lets us see that.
        """
        document = self._marked(_DOCUMENT, order, whose)
        is_new = document is None
        if document is None:
            document = self._made(order, whose)
        # Of a document that was made just now nothing hangs on it: that needs no look-up.
        if order.document is not None and (is_new or not self._attached(order, document)):
            self._attach(order, document)
        if self._settings.note and (is_new or self._marked(_NOTE, order, whose) is None):
            self._write(_NOTE, order, whose, _note(order, document))
        return document

    def find(self, order: PushOrder, whose: Whose) -> str | None:
        """Return the ID of the document when all that `record` writes is there."""
        document = self._marked(_DOCUMENT, order, whose)
        if document is None:
            return None
        if order.document is not None and not self._attached(order, document):
            return None
        if self._settings.note and self._marked(_NOTE, order, whose) is None:
            return None
        return document

    def ask(self, order: PushOrder, whose: Whose) -> str:
        """Make the task for a person, if it is not there; return its ID."""
        return self.find_task(order, whose) or self._write(_TASK, order, whose, _task(order))

    def find_task(self, order: PushOrder, whose: Whose) -> str | None:
        """Return the ID of the task that was made, None when there is none."""
        return self._marked(_TASK, order, whose)

    def _marked(self, kind: _Kind, order: PushOrder, whose: Whose) -> str | None:
        """Return the ID of the record with the order's marker, the first when there are several."""
        pages = self._client().rows(
            kind.path,
            select=("ID", kind.subject),
            filter=f"Account eq {odata.guid(whose.account)}"
            f" and {kind.day} ge {odata.instant(order.on - _SLACK)}",
            urgent=True,
        )
        rows = [row for page in pages for row in page.rows]
        return _first_id(kind.path, [r for r in rows if is_marked(r.get(kind.subject), order.key)])

    def _attached(self, order: PushOrder, document: str) -> str | None:
        """Return the ID of the file at the document, None when it is missing."""
        pages = self._client().rows(
            ATTACHMENTS,
            select=("ID", "FileName"),
            filter=f"Document eq {odata.guid(document)}",
            urgent=True,
        )
        name = file_name(order).casefold()
        rows = [row for page in pages for row in page.rows]
        return _first_id(
            ATTACHMENTS, [r for r in rows if str(r.get("FileName")).strip().casefold() == name]
        )

    def _attach(self, order: PushOrder, document: str) -> None:
        body = {
            "Document": document,
            "FileName": file_name(order),
            "Attachment": b64encode(order.document or b"").decode(),
        }
        surely(
            lambda: id_of(self._client().create(ATTACHMENTS, body), ATTACHMENTS),
            lambda: self._attached(order, document),
            self._clock,
        )

    def _write(self, kind: _Kind, order: PushOrder, whose: Whose, fields: Mapping[str, Any]) -> str:
        body = {
            "Account": whose.account,
            kind.subject: subject(order.text, order.key),
            kind.day: _midnight(order.on),
            **fields,
        }
        return surely(
            lambda: id_of(self._client().create(kind.path, body), kind.path),
            lambda: self._marked(kind, order, whose),
            self._clock,
        )

    def _made(self, order: PushOrder, whose: Whose) -> str:
        """Make the document; only where Exact said no its types are looked at, to tell why."""
        self._check_type()
        try:
            return self._write(_DOCUMENT, order, whose, self._document(order, whose))
        except RefusedError:
            self._ask_types()
            self._check_type()
            raise

    def _check_type(self) -> None:
        type_ = self._settings.document_type
        if self._types is not None and type_ not in self._types:
            raise RefusedError("exact.document_type", type=type_, types=listed(self._types))

    def _ask_types(self) -> None:
        """Ask once; who may not know them, or not now, has the refusal itself."""
        if self._are_types_asked:
            return
        self._are_types_asked = True
        with suppress(AdapterError):
            self._types = creatable_types(self._client())

    def _document(self, order: PushOrder, whose: Whose) -> dict[str, Any]:
        fields: dict[str, Any] = {"Type": self._settings.document_type, "Body": order.text}
        if whose.entry is not None:
            fields["FinancialTransactionEntryID"] = whose.entry
        return fields


def creatable_types(client: Client) -> frozenset[int]:
    """Return the types of which documents may be made, in one request as a rule.

    Raises:
        ContractChangedError: They can't be read.
    """
    pages = client.rows(DOCUMENT_TYPES, select=("ID", "DocumentIsCreatable"), urgent=True)
    try:
        found = {
            odata.int_of(row["ID"])
            for page in pages
            for row in page.rows
            if odata.bool_of(row["DocumentIsCreatable"])
        }
    except (KeyError, ValueError) as error:
        raise ContractChangedError("exact.record_unreadable", endpoint=DOCUMENT_TYPES) from error
    return frozenset(type_ for type_ in found if type_ is not None)


def listed(types: frozenset[int]) -> str:
    """Return types of documents for a sentence."""
    return ", ".join(map(str, sorted(types)))


def _note(order: PushOrder, document: str) -> dict[str, Any]:
    return {"Notes": order.text, "Document": document}


def _task(order: PushOrder) -> dict[str, Any]:
    return {
        "Notes": order.text,
        "TaskType": CALL if order.facts.get("kind") == "call" else OTHER,
    }


def _first_id(path: str, rows: list[dict[str, Any]]) -> str | None:
    """Return the lowest ID, so that it is the same whenever it is asked."""
    return min((id_of(row, path) for row in rows), default=None)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
