"""The adapter: a division of Exact Online as a source of open items that keeps our records."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from adapters.exact.settings import ExactSettings
from connector.port.adapter import (
    Consent,
    Diagnosis,
    PushOrder,
    PushVerb,
    Reached,
    Received,
    Refreshed,
)
from connector.port.errors import RefusedError
from connector.port.records import ItemId, PullEvent, Rejected
from connector.port.tools import Tools

if TYPE_CHECKING:
    # What sends is loaded when something is sent: a sidecar that waits needs none of it.
    from adapters.exact.client import Client
    from adapters.exact.connecting import Connecting
    from adapters.exact.push import Pusher
    from adapters.exact.token_line import App
    from adapters.exact.tokens import ExactTokens


class ExactAdapter:
    """Reads open receivables and payables of one division; keeps a record of our acts in it."""

    def __init__(self, *, settings: ExactSettings, tools: Tools) -> None:
        """Open nothing yet."""
        self.settings = settings
        self.tools = tools
        self._opened: Client | None = None

    @property
    def books(self) -> str:
        """The division that is read."""
        return f"exact:{self.settings.division}"

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        """Yield what changed since the cursor, each page of 1000 records as it was read."""
        return self._pull(cursor, full=full, accept_empty=accept_empty)

    def pull_now(self, cursor: str | None) -> Iterator[PullEvent]:
        """Yield the same right before acting, and compare the sums once more.

        Six requests say what changed in a whole division: as cheap as a few items.
        """
        return self._pull(cursor, urgent=True)

    def _pull(
        self,
        cursor: str | None,
        *,
        full: bool = False,
        accept_empty: bool = False,
        urgent: bool = False,
    ) -> Iterator[PullEvent]:
        from adapters.exact.cursor import Cursor, Stage  # noqa: PLC0415  # see above
        from adapters.exact.pull import Pull  # noqa: PLC0415

        division, now = self.settings.division, self.tools.clock.now()
        known = None if cursor is None else Cursor.read(cursor, division)
        warnings: list[Rejected] = []
        is_resumed = known is not None
        if known is None:
            known = Cursor(division=division, had_terms=cursor is not None)
            known.restart(Stage.FRESH if cursor is None else Stage.FULL, int(now.timestamp()))
            if cursor is not None:
                warnings.append(Rejected(where="cursor:0", reason="exact.cursor_foreign"))
        known.is_full_wanted |= full and is_resumed
        yield from Pull(
            source=self._client(),
            tools=self.tools,
            cursor=known,
            number=self.settings.number,
            is_resumed=is_resumed,
            accept_empty=accept_empty,
            urgent=urgent,
            warnings=warnings,
        ).events()

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        """Return the present state of the items: one request for 20 entries.

        Args:
            ids: What to read.
            urgent: Something is about to be done with them, so the reserve may be used.
        """
        from adapters.exact.refreshing import Refresh  # noqa: PLC0415

        now = self.tools.clock.now()
        number = self.settings.number
        one = Refresh(client=self._client, tools=self.tools, number=number, urgent=urgent)
        return one.read(ids, now)

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
        return self._pusher.verbs

    def look(self, order: PushOrder) -> str:
        """Return what tells later whether the order was performed."""
        return self._pusher.look(order)

    def push(self, order: PushOrder) -> str:
        """Perform the order once.

        Raises:
            RefusedError: This is a rehearsal, or Exact said no.
        """
        if order.verb not in self.verbs:
            raise RefusedError("exact.verb_not_allowed", verb=order.verb.value)
        return self._pusher.push(order)

    def find_push(self, order: PushOrder) -> str | None:
        """Return the reference of an order that was performed."""
        return self._pusher.find_push(order)

    @property
    def ways(self) -> tuple[Literal["token", "consent"], ...]:
        """How a person may connect."""
        return self._connecting.ways

    def accept_token(self, token: str) -> None:
        """Refuse it: Exact has no tokens that a person makes."""
        self._connecting.accept_token(token)

    def ask_consent(self, redirect: str | None) -> Consent:
        """Return where the person says yes."""
        return self._connecting.ask_consent(redirect)

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        """Exchange the code for tokens and keep them."""
        self._connecting.accept_consent(consent, code, redirect)
        self.close()

    def reached(self) -> Sequence[Reached]:
        """Return the divisions that the consent reaches."""
        return self._connecting.reached()

    def missing_scopes(self) -> Sequence[str]:
        """Return what the app may not do and maan needs."""
        return self._connecting.missing_scopes()

    def keep_alive(self) -> int | None:
        """Renew a consent that nobody used for days; return the days that it lasts unused."""
        return self._client().tokens.keep_alive()

    def receive(self, headers: Mapping[str, str], body: bytes) -> Received:  # noqa: ARG002  # the body is signed
        """Check a webhook and say what it is about."""
        from adapters.exact.webhooks import Trust, received  # noqa: PLC0415

        secret = self.settings.webhook_secret
        trust = Trust(
            division=self.settings.division,
            secret=None if secret is None else self.tools.secret(secret),
        )
        return received(body, trust=trust)

    def diagnose(self) -> Sequence[Diagnosis]:
        """Return whether the division can be read, and what a person should know of it."""
        from adapters.exact.diagnosing import Doctor  # noqa: PLC0415

        return Doctor(self.settings, self.tools).lines(self._client, self.missing_scopes)

    @cached_property
    def _pusher(self) -> "Pusher":
        from adapters.exact.push import Pusher  # noqa: PLC0415

        return Pusher(self._client, self.settings, self.tools)

    @cached_property
    def _connecting(self) -> "Connecting":
        from adapters.exact.connecting import Connecting  # noqa: PLC0415

        return Connecting(self._app, self.tools, division=self.settings.division, make=self._make)

    def _client(self) -> "Client":
        """Return the client; made from settings and vault when it is first used."""
        if self._opened is None:
            from adapters.exact.tokens import ExactTokens  # noqa: PLC0415

            self._opened = self._make(ExactTokens(self._app(), self.tools), self.settings.division)
        return self._opened

    def _make(self, tokens: "ExactTokens", division: int | None) -> "Client":
        from adapters.exact.client import open_client  # noqa: PLC0415

        return open_client(self.settings.origin, tokens, self.tools, division=division)

    def _app(self) -> "App":
        from adapters.exact.token_line import App  # noqa: PLC0415

        settings = self.settings
        client_id = settings.client_id
        if client_id.startswith(("env:", "file:")):
            client_id = self.tools.secret(client_id)
        return App(
            base_url=settings.origin,
            client_id=client_id,
            client_secret=self.tools.secret(settings.client_secret),
            connection=settings.connection,
            redirect=settings.redirect,
        )
