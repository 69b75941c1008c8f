"""What Moneybird is asked to do: remind, keep a note, mark as dubious, pause and resume."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Protocol, assert_never

from adapters.moneybird.client import Client
from adapters.moneybird.endpoints import MOST_IDS, Resource, remote_id
from adapters.moneybird.mapping import Workflow
from adapters.moneybird.marks import (
    has_standing_note,
    is_noted,
    is_paused_by_us,
    marker,
    notes_with,
    number_of,
    pause_key,
    was_paused_by_us,
)
from adapters.moneybird.reminding import READ_AGAIN_SECONDS, Reminding
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import (
    AdapterError,
    ContractChangedError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from connector.port.tools import Clock

_NOTABLE: Final = frozenset((Resource.SALES, Resource.EXTERNAL))
_SETTLED: Final = frozenset(("paid", "uncollectible", "draft"))

Record = dict[str, Any]


class PushSettings(Protocol):
    """What of the settings decides what may be pushed."""

    @property
    def workflow(self) -> str:
        """`pause`: maan takes over from the package's own reminders; else `leave`."""
        ...

    @property
    def handover(self) -> str:
        """`dubious`: an invoice that is handed over is booked as such; else `note`."""
        ...

    @property
    def notes(self) -> bool:
        """Whether maan's own messages are noted on the invoices."""
        ...


class _Paused(StrEnum):
    """Where an invoice stands with an order to pause it."""

    DONE = "done"
    LEFT = "left"  # settled, or paused by somebody else
    TO_DO = "to_do"


class Pusher:
    """Performs orders once: what was done before is found by maan's marker and not done again."""

    def __init__(
        self,
        client: Callable[[], Client],
        settings: PushSettings,
        recent: Callable[[], Mapping[int, Record]],
        workflows: Callable[[], Mapping[str, Workflow]],
        *,
        clock: Clock,
    ) -> None:
        """Send nothing yet.

        Args:
            client: Gives the client of the administration.
            settings: What may be pushed.
            recent: The sales invoices of the last refresh, by id, as they came.
            workflows: Gives the workflows as they are known today, by id.
            clock: Time, and waiting before a second read.
        """
        self._client = client
        self._settings = settings
        self._clock = clock
        self._reminding = Reminding(client, recent, workflows, clock=clock)

    @property
    def verbs(self) -> frozenset[PushVerb]:
        """What the settings allow; to let go of what maan paused is always allowed."""
        verbs = {PushVerb.REMIND, PushVerb.RECORD_HANDOVER, PushVerb.RESUME}
        if self._settings.notes:
            verbs.add(PushVerb.RECORD_MESSAGE)
        if self._settings.workflow == "pause":
            verbs.add(PushVerb.PAUSE)
        return frozenset(verbs)

    def look(self, order: PushOrder) -> str:
        """Return the state before a reminder; everything else is known by its marker.

        Raises:
            RefusedError: Moneybird can't remind about these invoices.
        """
        return self._reminding.look(order) if order.verb is PushVerb.REMIND else ""

    def push(self, order: PushOrder) -> str:
        """Perform the order once and return a reference; an order found performed is left."""
        match order.verb:
            case PushVerb.REMIND:
                return self._reminding.send(order)
            case PushVerb.RECORD_MESSAGE | PushVerb.RECORD_HANDOVER:
                return self._record(order)
            case PushVerb.PAUSE:
                return self._pause(order)
            case PushVerb.RESUME:
                return self._resume(order)
            case PushVerb.RECORD_TASK:
                raise RefusedError("moneybird.verb_not_allowed", verb=order.verb.value)
            case _:
                assert_never(order.verb)

    def find_push(self, order: PushOrder) -> str | None:
        """Return the reference of an order that was performed, None when it was not."""
        match order.verb:
            case PushVerb.REMIND:
                return self._reminding.find(order)
            case PushVerb.RECORD_MESSAGE | PushVerb.RECORD_HANDOVER:
                return self._find_record(order)
            case PushVerb.PAUSE:
                return self._find_pause(order)
            case PushVerb.RESUME:
                return self._find_resume(order)
            case PushVerb.RECORD_TASK:
                return None
            case _:
                assert_never(order.verb)

    def _record(self, order: PushOrder) -> str:
        """Note it on each invoice. The note is last: where it stands, all else was done."""
        found = self._records(order)
        if not found:
            raise RefusedError("moneybird.items_gone", items=len(order.items))
        unbooked = []
        for resource, record in found:
            if is_noted(record, order.key):
                is_booked = bool(record.get("marked_dubious_on"))
            else:
                is_booked = self._books(order) and self._mark_dubious(resource, record, order)
                self._note(resource, record, order)
            if not is_booked:
                unbooked.append(record)
        return self._noted(order, len(found), unbooked)

    def _find_record(self, order: PushOrder) -> str | None:
        records = [record for _, record in self._records(order)]
        if not records or not all(is_noted(record, order.key) for record in records):
            return None
        unbooked = [record for record in records if not record.get("marked_dubious_on")]
        return self._noted(order, len(records), unbooked)

    def _books(self, order: PushOrder) -> bool:
        return order.verb is PushVerb.RECORD_HANDOVER and self._settings.handover == "dubious"

    def _noted(self, order: PushOrder, count: int, unbooked: Sequence[Record]) -> str:
        """Return the reference; it says which invoices Moneybird did not book as dubious."""
        ids = ",".join(str(number_of(record, "id")) for record in unbooked)
        refused = f" dubious_refused:{ids}" if ids and self._books(order) else ""
        return f"notes:{count}{refused}"

    def _mark_dubious(self, resource: Resource, record: Record, order: PushOrder) -> bool:
        """Book it as dubious; False when Moneybird refuses, which is no reason to stop."""
        if record.get("marked_dubious_on"):
            return True
        id_ = number_of(record, "id")

        def mark() -> None:
            self._client().mark_dubious(resource, id_, order.on)

        try:
            self._surely(mark, lambda: bool(self._now(resource, id_).get("marked_dubious_on")))
        except RefusedError:
            return False
        return True

    def _note(self, resource: Resource, record: Record, order: PushOrder) -> None:
        """Write text and marker; the caller has seen that such a note is missing."""
        id_, urgent = number_of(record, "id"), order.verb is PushVerb.PAUSE
        key = pause_key(order.key) if order.verb is PushVerb.PAUSE else order.key
        text = f"{order.text}\n{marker(key)}" if order.text else marker(key)
        before = len(notes_with(record, key))

        def write() -> None:
            self._client().note(resource, id_, text, urgent=urgent)

        def is_written() -> bool:
            return len(notes_with(self._now(resource, id_, urgent=urgent), key)) > before

        self._surely(write, is_written)

    def _pause(self, order: PushOrder) -> str:
        """Pause what runs. The note is first: a person and maan must know who paused."""
        invoices = self._sales(order)
        paused = 0
        for invoice in invoices:
            standing = _standing(invoice, order)
            if standing is _Paused.TO_DO:
                if not has_standing_note(invoice, pause_key(order.key)):
                    self._note(Resource.SALES, invoice, order)
                self._set_paused(invoice, paused=True)
            paused += standing is not _Paused.LEFT
        return f"paused:{paused}"

    def _find_pause(self, order: PushOrder) -> str | None:
        standings = [_standing(invoice, order) for invoice in self._sales(order)]
        done = standings.count(_Paused.DONE)
        return f"paused:{done}" if done and _Paused.TO_DO not in standings else None

    def _resume(self, order: PushOrder) -> str:
        invoices = self._sales(order)
        for invoice in filter(is_paused_by_us, invoices):
            try:
                self._set_paused(invoice, paused=False)
            except RefusedError:
                if invoice.get("state") not in _SETTLED:
                    raise
        return _resumed(invoices)

    def _find_resume(self, order: PushOrder) -> str | None:
        invoices = self._sales(order)
        paused = [
            row for row in filter(is_paused_by_us, invoices) if row.get("state") not in _SETTLED
        ]
        return None if paused or not any(map(was_paused_by_us, invoices)) else _resumed(invoices)

    def _set_paused(self, invoice: Record, *, paused: bool) -> None:
        id_ = number_of(invoice, "id")

        def act() -> None:
            client = self._client()
            answer = client.pause(id_, urgent=True) if paused else client.resume(id_)
            if answer.get("paused") is not paused:
                raise OutcomeUnknownError("moneybird.not_confirmed", invoices=1)

        def is_done() -> bool:
            return self._now(Resource.SALES, id_, urgent=paused).get("paused") is paused

        self._surely(act, is_done)

    def _surely(self, act: Callable[[], None], is_done: Callable[[], bool]) -> None:
        """Act once; when nobody knows what came of it, read back, and once more a little later.

        Raises:
            UnavailableError: It was certainly not done.
            OutcomeUnknownError: It can't be read back.
        """
        try:
            act()
        except (OutcomeUnknownError, ContractChangedError) as error:
            trouble = error
        else:
            return
        for again in (False, True):
            if again:
                self._clock.sleep(READ_AGAIN_SECONDS)
            try:
                if is_done():
                    return
            except AdapterError as error:
                raise OutcomeUnknownError("moneybird.not_read_back", reason=error.code) from error
        raise UnavailableError("moneybird.not_done") from trouble

    def _now(self, resource: Resource, id_: int, *, urgent: bool = False) -> Record:
        found = self._client().fetch(resource, [id_], urgent=urgent)
        if not found:
            raise RefusedError("moneybird.items_gone", items=1)
        return found[0]

    def _sales(self, order: PushOrder) -> list[Record]:
        return [row for resource, row in self._records(order) if resource is Resource.SALES]

    def _records(self, order: PushOrder) -> list[tuple[Resource, Record]]:
        """Read the invoices; those that are gone are absent."""
        urgent = order.verb is PushVerb.PAUSE  # a message waits for it; all else can wait
        wanted: dict[Resource, list[int]] = {}
        for item in sorted(set(order.items)):
            known = remote_id(item)
            if known is None or known[0] not in _NOTABLE:
                raise RefusedError("moneybird.not_pushable", item=item)
            wanted.setdefault(known[0], []).append(known[1])
        return [
            (resource, row)
            for resource, ids in wanted.items()
            for start in range(0, len(ids), MOST_IDS)
            for row in self._client().fetch(resource, ids[start : start + MOST_IDS], urgent=urgent)
        ]


def _resumed(invoices: Sequence[Record]) -> str:
    """Return the reference: how many of them maan had paused, the same whenever it is asked."""
    return f"resumed:{sum(map(was_paused_by_us, invoices))}"


def _standing(invoice: Record, order: PushOrder) -> _Paused:
    if invoice.get("paused") is True:
        return _Paused.DONE if is_noted(invoice, pause_key(order.key)) else _Paused.LEFT
    return _Paused.LEFT if invoice.get("state") in _SETTLED else _Paused.TO_DO
