"""A person's consent, or a token that a person made; and what a credential reaches."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, Protocol, TypeVar

from adapters.moneybird.client import Client
from adapters.moneybird.endpoints import Resource
from connector.port.adapter import Consent, Reached
from connector.port.errors import AuthorisationError, SettingsError
from connector.port.tools import Tools
from connector.wire.http import Auth
from connector.wire.oauth import OUT_OF_BAND, FixedToken, OAuthApp, TokenKeeper

SCOPES: Final = ("sales_invoices", "documents", "settings")
"""What is asked for; `settings` serves webhooks."""

_NEEDED: Final[tuple[tuple[str, Resource], ...]] = (
    # what maan can't do without, and what can only be read with it
    ("sales_invoices", Resource.SALES),
    ("documents", Resource.PURCHASE),
)
_T = TypeVar("_T")


class ConnectSettings(Protocol):
    """What of the settings says how to connect."""

    @property
    def connection(self) -> str:
        """Name of the credential, shared by the administrations that use it."""
        ...

    @property
    def token(self) -> str | None:
        """Reference to a personal token; None: what the vault keeps."""
        ...

    @property
    def client_id(self) -> str | None:
        """Reference to the id of an OAuth application, or the id itself."""
        ...

    @property
    def client_secret(self) -> str | None:
        """Reference to its secret."""
        ...

    @property
    def base_url(self) -> str:
        """Where Moneybird is."""
        ...

    @property
    def host(self) -> str:
        """Its host, and its port where there is one."""
        ...


class Connecting:
    """Connects with a personal token or by consent, and keeps the credential in the vault.

    Of both only the last is kept. A token that the settings refer to goes before either.
    """

    def __init__(
        self, settings: ConnectSettings, tools: Tools, make: Callable[[Auth], Client]
    ) -> None:
        """Ask nothing yet.

        Args:
            settings: How to connect.
            tools: The vault, secrets and time.
            make: Makes a client that uses a credential; this closes it.
        """
        self._settings = settings
        self._tools = tools
        self._make = make

    @property
    def ways(self) -> tuple[Literal["token", "consent"], ...]:
        """How a person may connect; none when the settings refer to a token."""
        if self._settings.token:
            return ()
        return ("token", "consent") if self._settings.client_id else ("token",)

    def accept_token(self, token: str) -> None:
        """Try a personal token and keep it.

        Raises:
            AuthorisationError: It is not accepted; nothing was kept.
        """
        given = token.strip()
        self._with(FixedToken(lambda: given), Client.administrations)
        self._keep_only(token_name(self._settings), given)

    def ask_consent(self, redirect: str | None) -> Consent:
        """Return where the person says yes; without a redirect the code is shown there."""
        return self._keeper().consent(redirect or OUT_OF_BAND)

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        """Exchange the code for tokens and keep them.

        Raises:
            AuthorisationError: The code is not accepted.
        """
        self._keeper().accept(consent, code.strip(), redirect or OUT_OF_BAND)
        self._keep_only(oauth_name(self._settings), None)

    def reached(self) -> Sequence[Reached]:
        """Return the administrations that the credential reaches, sorted by name."""
        rows = self._with(auth_of(self._settings, self._tools), Client.administrations)
        return sorted(map(_reached, rows), key=lambda one: (one.name.casefold(), one.id))

    def missing_scopes(self) -> Sequence[str]:
        """Return what the credential may not do and maan needs.

        Raises:
            AuthorisationError: It is not accepted at all.
        """
        auth = auth_of(self._settings, self._tools)
        granted = auth.scopes() if isinstance(auth, TokenKeeper) else ()
        if granted:
            return [scope for scope, _ in _NEEDED if scope not in granted]
        return self._with(auth, self._tried)

    def _tried(self, client: Client) -> list[str]:
        """Return which reads are refused, each tried with a list that is all but empty."""
        moment = f"{self._tools.clock.now():%Y-%m-%d %H:%M:%S} UTC"
        missing = [
            scope
            for scope, resource in _NEEDED
            if not _may_read(client, resource, f"updated_after:{moment}")
        ]
        if len(missing) == len(_NEEDED):
            client.administrations()  # needs no scope: tells a bad credential from a narrow one
        return missing

    def _with(self, auth: Auth, ask: Callable[[Client], _T]) -> _T:
        client = self._make(auth)
        try:
            return ask(client)
        finally:
            client.close()

    def _keeper(self) -> TokenKeeper:
        return TokenKeeper(
            oauth_app(self._settings, self._tools),
            name=oauth_name(self._settings),
            tools=self._tools,
        )

    def _keep_only(self, name: str, value: str | None) -> None:
        """Write the value when there is one, and forget the credential of the other kind."""
        vault = self._tools.vault
        if value is not None:
            with vault.lock(name):
                vault.write(name, value)
        for other in {token_name(self._settings), oauth_name(self._settings)} - {name}:
            with vault.lock(other):
                vault.forget(other)


def token_name(settings: ConnectSettings) -> str:
    """Return the name under which the vault keeps a personal token of a host."""
    return f"moneybird:{settings.host}:{settings.connection}:token"


def oauth_name(settings: ConnectSettings) -> str:
    """Return the name under which the vault keeps the tokens of a consent at a host."""
    return f"moneybird:{settings.host}:{settings.connection}:oauth"


def oauth_app(settings: ConnectSettings, tools: Tools) -> OAuthApp:
    """Return the registered application.

    Raises:
        SettingsError: The settings name none, or its secret is not there.
    """
    if not settings.client_id or not settings.client_secret:
        raise SettingsError("moneybird.no_application", connection=settings.connection)
    base = settings.base_url.rstrip("/")
    return OAuthApp(
        authorize_url=f"{base}/oauth/authorize",
        token_url=f"{base}/oauth/token",
        client_id=_secret(settings.client_id, tools),
        client_secret=_secret(settings.client_secret, tools),
        scopes=SCOPES,
    )


def auth_of(settings: ConnectSettings, tools: Tools) -> Auth:
    """Return the credential: of the settings, else of a consent, else a kept token.

    Raises:
        AuthorisationError: There is none; a person must connect.
    """
    reference = settings.token
    if reference:
        return FixedToken(lambda: tools.secret(reference))
    if tools.vault.read(oauth_name(settings)) is not None:
        return TokenKeeper(oauth_app(settings, tools), name=oauth_name(settings), tools=tools)
    if tools.vault.read(token_name(settings)) is None:
        raise AuthorisationError("connect_first", connection=settings.connection)
    return FixedToken(lambda: tools.vault.read(token_name(settings)) or "")


def _secret(value: str, tools: Tools) -> str:
    return tools.secret(value) if value.startswith(("env:", "file:")) else value


def _may_read(client: Client, resource: Resource, filter_: str) -> bool:
    try:
        next(iter(client.versions(resource, filter_)), None)
    except AuthorisationError:
        return False
    return True


def _reached(row: dict[str, Any]) -> Reached:
    facts = {
        "country": str(row.get("country") or ""),
        "suspended": "true" if row.get("suspended") is True else "false",
        "access": str(row.get("access") or ""),
    }
    id_ = str(row.get("id"))
    return Reached(id=id_, name=str(row.get("name") or id_), facts={"id": id_, **facts})
