"""What Exact is asked to keep of what maan did: documents, notes, tasks, and a relation's state.

Exact has no reminders to send; maan writes to debtors by its own channels.
"""

from collections.abc import Callable

from adapters.exact.client import Client
from adapters.exact.handing import Handing
from adapters.exact.recording import Recorder
from adapters.exact.settings import ExactSettings
from adapters.exact.whose import Relations
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import RefusedError
from connector.port.tools import Tools


class Pusher:
    """Performs orders once: what was done before is found by maan's marker and not done again."""

    def __init__(self, client: Callable[[], Client], settings: ExactSettings, tools: Tools) -> None:
        """Send nothing yet.

        Args:
            client: Gives the client of the administration.
            settings: What may be pushed.
            tools: Time, and what a pull remembered.
        """
        self._settings = settings
        self._relations = Relations(client, tools)
        self._recorder = Recorder(client, settings, clock=tools.clock)
        self._handing = Handing(client, settings, clock=tools.clock)

    @property
    def verbs(self) -> frozenset[PushVerb]:
        """What the settings allow."""
        verbs = {PushVerb.RECORD_MESSAGE, PushVerb.RECORD_HANDOVER}
        if self._settings.task:
            verbs.add(PushVerb.RECORD_TASK)
        return frozenset(verbs)

    def look(self, order: PushOrder) -> str:
        """Return nothing: an order is known by its marker. Its relation must be there.

        Raises:
            RefusedError: The order can't be recorded.
        """
        self._check(order)
        self._relations.of(order)
        return ""

    def push(self, order: PushOrder) -> str:
        """Perform the order once and return a reference; an order found performed is left."""
        self._check(order)
        whose = self._relations.of(order)
        if order.verb is PushVerb.RECORD_TASK:
            return f"task:{self._recorder.ask(order, whose)}"
        document = self._recorder.record(order, whose)
        if order.verb is PushVerb.RECORD_HANDOVER:
            self._handing.change(whose.account)
        return f"document:{document}"

    def find_push(self, order: PushOrder) -> str | None:
        """Return the reference of an order that was performed in full, None when it was not."""
        if order.verb not in self.verbs:
            return None
        whose = self._relations.of(order)
        if order.verb is PushVerb.RECORD_TASK:
            task = self._recorder.find_task(order, whose)
            return None if task is None else f"task:{task}"
        document = self._recorder.find(order, whose)
        if document is None:
            return None
        if order.verb is PushVerb.RECORD_HANDOVER and not self._handing.is_changed(whose.account):
            return None
        return f"document:{document}"

    def _check(self, order: PushOrder) -> None:
        if order.verb not in self.verbs:
            raise RefusedError("exact.verb_not_allowed", verb=order.verb.value)
