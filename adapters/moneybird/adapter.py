"""The adapter: an administration of Moneybird as a source of open items that can be pushed to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

from adapters.moneybird.settings import UNCHOSEN, MoneybirdSettings
from connector.port.adapter import (
    Consent,
    Diagnosis,
    PushOrder,
    PushVerb,
    Reached,
    Received,
    Refreshed,
)
from connector.port.errors import RefusedError, SettingsError
from connector.port.records import ItemId, PullEvent, Rejected
from connector.port.tools import Limit, Tools

if TYPE_CHECKING:
    # What sends is loaded when something is sent: a sidecar that waits needs none of it.
    from adapters.moneybird.client import Client
    from adapters.moneybird.connecting import Connecting
    from adapters.moneybird.mapping import Workflow
    from adapters.moneybird.push import Pusher
    from connector.wire.http import Auth

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_LIMIT: Final = Limit(150, 300, reserve=20)
_FRESH: Final = timedelta(minutes=1)


class MoneybirdAdapter:
    """Reads open invoices and bills of one administration; reminds and notes in it."""

    def __init__(self, *, settings: MoneybirdSettings, tools: Tools) -> None:
        """Open nothing yet."""
        self.settings = settings
        self.tools = tools
        self._opened: Client | None = None
        self._workflows: tuple[Mapping[str, Workflow], date] | None = None
        self._recent: tuple[datetime, dict[int, dict[str, Any]]] | None = None

    @property
    def books(self) -> str | None:
        """The administration that is read; None: the settings don't say."""
        number = self.settings.administration
        return None if number == UNCHOSEN else f"moneybird:{number}"

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        """Yield what changed since the cursor, each page of 100 records as it was read."""
        from adapters.moneybird.cursor import Cursor  # noqa: PLC0415  # see above
        from adapters.moneybird.pull import Pull, Wish  # noqa: PLC0415

        administration = self._administration()
        known = None if cursor is None else Cursor.read(cursor, administration)
        warnings: tuple[Rejected, ...] = ()
        if cursor is not None and known is None:
            warnings = (Rejected(where="cursor:0", reason="moneybird.cursor_foreign"),)
        one = Pull(
            source=self._client(),
            clock=self.tools.clock,
            cursor=known or Cursor(administration=administration),
            wish=Wish(full=full, accept_empty=accept_empty, leave=self._leaves),
            is_fresh=known is None,
            was_lost=cursor is not None and known is None,
            warnings=warnings,
        )
        try:
            yield from one.events()
        finally:
            if one.cursor.workflows is not None and one.cursor.workflows_on is not None:
                self._workflows = one.cursor.workflows, one.cursor.workflows_on

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        """Return the present state of the items: one request for 100 of a kind.

        The workflows are read before the first refresh of a day that had no pull.

        Args:
            ids: What to read.
            urgent: Something is about to be done with them, so the reserve may be used.
        """
        from adapters.moneybird.endpoints import Resource  # noqa: PLC0415
        from adapters.moneybird.refreshing import Refresh, by_resource  # noqa: PLC0415

        self._administration()
        as_of = self.tools.clock.now()
        asked, strange = by_resource(ids)
        workflows = self._known_workflows(urgent=urgent) if Resource.SALES in asked else {}
        one = Refresh(client=self._client, workflows=workflows, leave=self._leaves, urgent=urgent)
        one.read(asked)
        self._recent = as_of, one.sales
        return one.told(as_of, strange)

    def close(self) -> None:
        """Let the connections go."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def verbs(self) -> frozenset[PushVerb]:
        """What may be pushed; nothing in a rehearsal, unless to a simulator on this machine."""
        if self.tools.rehearsal and not self.settings.is_on_this_machine:
            return frozenset()
        # Said here and not by the pusher: to be asked what it can do loads nothing that sends.
        verbs = {PushVerb.REMIND, PushVerb.RECORD_HANDOVER, PushVerb.RESUME}
        if self.settings.notes:
            verbs.add(PushVerb.RECORD_MESSAGE)
        if not self._leaves:
            verbs.add(PushVerb.PAUSE)
        return frozenset(verbs)

    def look(self, order: PushOrder) -> str:
        """Return what tells later whether the order was performed."""
        return self._pusher.look(order)

    def push(self, order: PushOrder) -> str:
        """Perform the order once.

        Raises:
            RefusedError: This is a rehearsal, or Moneybird said no.
        """
        if order.verb not in self.verbs:
            raise RefusedError("moneybird.verb_not_allowed", verb=order.verb.value)
        return self._pusher.push(order)

    def find_push(self, order: PushOrder) -> str | None:
        """Return the reference of an order that was performed."""
        return self._pusher.find_push(order)

    @property
    def ways(self) -> tuple[Literal["token", "consent"], ...]:
        """How a person may connect; in no way when the settings refer to a token."""
        if self.settings.token is not None:
            return ()
        return ("token", "consent") if self.settings.client_id is not None else ("token",)

    def accept_token(self, token: str) -> None:
        """Try a personal token and keep it."""
        self._connecting.accept_token(token)
        self.close()

    def ask_consent(self, redirect: str | None) -> Consent:
        """Return where the person says yes."""
        return self._connecting.ask_consent(redirect)

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        """Exchange the code for tokens and keep them."""
        self._connecting.accept_consent(consent, code, redirect)
        self.close()

    def reached(self) -> Sequence[Reached]:
        """Return the administrations that the credential reaches."""
        return self._connecting.reached()

    def missing_scopes(self) -> Sequence[str]:
        """Return what the credential may not do and maan needs."""
        return self._connecting.missing_scopes()

    def receive(self, headers: Mapping[str, str], body: bytes) -> Received:
        """Check a webhook and say what it is about."""
        from adapters.moneybird.webhooks import Trust, received  # noqa: PLC0415

        secret, token = self.settings.webhook_secret, self.settings.webhook_token
        trust = Trust(
            administration=self.settings.administration,
            secret=None if secret is None else self.tools.secret(secret),
            token=None if token is None else self.tools.secret(token),
        )
        return received(headers, body, trust=trust, now=self.tools.clock.now())

    def invoice_pdf(self, item: ItemId, number: str) -> bytes | None:  # noqa: ARG002  # its id is enough
        """Return the PDF of a sales invoice; other kinds have none of Moneybird's making."""
        from adapters.moneybird.endpoints import Resource, remote_id  # noqa: PLC0415

        known = remote_id(item)
        if known is None or known[0] is not Resource.SALES:
            return None
        try:
            return self._client().pdf(known[1])
        except RefusedError as error:
            if error.facts.get("status") == 404:
                return None
            raise

    def diagnose(self) -> Sequence[Diagnosis]:
        """Return whether the administration can be read, and what a person should know of it."""
        from adapters.moneybird.diagnosing import Doctor  # noqa: PLC0415

        doctor = Doctor(self.settings.administration, leave=self._leaves)
        return doctor.lines(self._client, self.missing_scopes)

    @property
    def _leaves(self) -> bool:
        return self.settings.workflow == "leave"

    @cached_property
    def _pusher(self) -> "Pusher":
        from adapters.moneybird.push import Pusher  # noqa: PLC0415

        return Pusher(
            self._client,
            self.settings,
            self._just_read,
            self._known_workflows,
            clock=self.tools.clock,
        )

    @cached_property
    def _connecting(self) -> "Connecting":
        from adapters.moneybird.connecting import Connecting  # noqa: PLC0415

        return Connecting(self.settings, self.tools, self._make)

    def _administration(self) -> str:
        """Return the administration.

        Raises:
            SettingsError: None was chosen yet.
        """
        if self.settings.administration == UNCHOSEN:
            raise SettingsError("moneybird.administration_unchosen")
        return self.settings.administration

    def _just_read(self) -> Mapping[int, dict[str, Any]]:
        """Return the invoices of the last refresh, as long as they are fresh enough to act on."""
        if self._recent is None or self.tools.clock.now() - self._recent[0] > _FRESH:
            return {}
        return self._recent[1]

    def _known_workflows(self, *, urgent: bool = True) -> "Mapping[str, Workflow]":
        from adapters.moneybird.mapping import to_workflows  # noqa: PLC0415

        today = self.tools.clock.now().astimezone(_HERE).date()
        if self._workflows is None or self._workflows[1] != today:
            self._workflows = to_workflows(self._client().workflows(urgent=urgent)), today
        return self._workflows[0]

    def _client(self) -> "Client":
        """Return the client; made from settings and vault when it is first used."""
        if self._opened is None:
            from adapters.moneybird.connecting import auth_of  # noqa: PLC0415

            self._opened = self._make(auth_of(self.settings, self.tools))
        return self._opened

    def _make(self, auth: "Auth") -> "Client":
        from adapters.moneybird.client import MANNERS, Client  # noqa: PLC0415
        from connector.wire.http import Http  # noqa: PLC0415

        settings = self.settings
        budget = self.tools.budgets.of(f"moneybird:{settings.host}:{settings.egress}", [_LIMIT])
        http = Http(settings.base_url, auth=auth, budget=budget, tools=self.tools, manners=MANNERS)
        return Client(http, settings.administration)
