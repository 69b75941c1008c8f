"""A person's consent, and the administrations that it reaches."""

import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from adapters.exact import odata
from adapters.exact.client import Client
from adapters.exact.token_line import App
from adapters.exact.tokens import ExactTokens
from connector.port.adapter import Consent, Reached
from connector.port.errors import (
    AuthorisationError,
    ContractChangedError,
    RateLimitError,
    RefusedError,
    SettingsError,
)
from connector.port.tools import Tools
from connector.wire.places import Origin

SITES: Final = ("nl", "be", "de", "fr", "es", "co.uk", "com")
"""Where Exact is; an administration, an app and a consent belong to one site."""

NEEDED: Final = (
    # scope of the app's registration, and what can only be read with it
    ("Financial cashflow", "sync/Cashflow/PaymentTerms"),
    ("Crm accounts", "sync/CRM/Accounts"),
    ("Organization administration", "sync/Deleted"),
)
"""What maan can't do without."""

_AUTHORIZE: Final = "/api/oauth2/auth"
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_NEWEST: Final = 2**62  # no row is as new: the answer is empty
_ACTIVE: Final = 1
_T = TypeVar("_T")


def site_url(site: str) -> str:
    """Return the address of a site.

    Raises:
        SettingsError: There is no such site (`exact.unknown_site`).
    """
    if site not in SITES:
        raise SettingsError("exact.unknown_site", site=site, sites=", ".join(SITES))
    return f"https://start.exactonline.{site}"


class Connecting:
    """Connects by consent alone; the tokens are kept in the vault."""

    def __init__(
        self,
        app: Callable[[], App] | None,
        tools: Tools,
        *,
        division: int | None,
        make: Callable[[ExactTokens, int | None], Client],
    ) -> None:
        """Ask nothing yet.

        Args:
            app: Our registration with its secrets; None: the settings name none.
            tools: Vault, budgets and time.
            division: The administration that the settings name.
            make: Makes a client of one administration, or of none; this closes it.
        """
        self._app = app
        self._tools = tools
        self._division = division
        self._make = make

    @property
    def ways(self) -> tuple[Literal["token", "consent"], ...]:
        """How a person may connect; none when the settings name no application."""
        return ("consent",) if self._app else ()

    def accept_token(self, token: str) -> None:  # noqa: ARG002  # as the port has it
        """Exact has no tokens that a person makes.

        Raises:
            AuthorisationError: Always (`exact.consent_only`).
        """
        raise AuthorisationError("exact.consent_only")

    def ask_consent(self, redirect: str | None) -> Consent:
        """Return where the person says yes.

        Args:
            redirect: Where the browser is sent, as it is registered with Exact; None: the address
                of the settings, from which the person pastes what the browser shows.

        Raises:
            SettingsError: There is none (`exact.no_redirect`), or Exact takes no such address
                (`exact.redirect_form`).
        """
        app = self._known()
        state = secrets.token_urlsafe(24)
        fields = {
            "client_id": app.client_id,
            "redirect_uri": _redirect(app, redirect),
            "response_type": "code",
            "force_login": "0",
            "state": state,
        }
        base = Origin.of(app.base_url).url(_AUTHORIZE)
        return Consent(url=f"{base}?{urlencode(fields)}", state=state)

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        """Exchange the code for tokens and keep them.

        Args:
            consent: What `ask_consent` returned.
            code: The code, or the whole address that the browser was sent back to.
            redirect: As it was given to `ask_consent`.

        Raises:
            AuthorisationError: The code is not accepted, or the person said no.
        """
        app = self._known()
        given = _code_of(consent, code.strip())
        ExactTokens(app, self._tools).accept(given, _redirect(app, redirect))

    def reached(self) -> Sequence[Reached]:
        """Return the administrations that the consent reaches, sorted by name.

        Exact tells the list through the administration that the person has open, and only when the
        consent covers that one. Else it is what can be seen: that one, and the one of the settings.
        """
        tokens = ExactTokens(self._known(), self._tools)
        me = self._with(tokens, None, Client.me)
        current = _number(me.get("CurrentDivision"))
        for division in dict.fromkeys((current, self._division)):
            if division is not None and (rows := self._listed(tokens, division)) is not None:
                return sorted(map(_reached, rows), key=lambda one: (one.name.casefold(), one.id))
        own = {} if current is None else {current: str(me.get("DivisionCustomerName") or "")}
        if self._division is not None and self._may_read(tokens, self._division, NEEDED[0][1]):
            own.setdefault(self._division, "")
        return [_plain(number, name) for number, name in sorted(own.items())]

    def missing_scopes(self) -> Sequence[str]:
        """Return what the app may not do in the administration and maan needs."""
        tokens = ExactTokens(self._known(), self._tools)
        if self._division is None:
            return []
        return [scope for scope, path in NEEDED if not self._may_read(tokens, self._division, path)]

    def _listed(self, tokens: ExactTokens, division: int) -> list[dict[str, Any]] | None:
        """Return the list, None when it can't be asked through this administration."""
        try:
            return self._with(tokens, division, Client.divisions)
        except AuthorisationError as error:
            if error.code != "wire_forbidden":
                raise
        except (RefusedError, RateLimitError) as error:
            if isinstance(error, RateLimitError) and error.code != "exact.stopped_asking":
                raise
        return None

    def _may_read(self, tokens: ExactTokens, division: int, path: str) -> bool:
        def ask(client: Client) -> bool:
            next(client.rows(path, select=("Timestamp",), filter=odata.after(_NEWEST)), None)
            return True

        try:
            return self._with(tokens, division, ask)
        except AuthorisationError as error:
            if error.code != "wire_forbidden":
                raise
            return False

    def _with(self, tokens: ExactTokens, division: int | None, ask: Callable[[Client], _T]) -> _T:
        client = self._make(tokens, division)
        try:
            return ask(client)
        finally:
            client.close()

    def _known(self) -> App:
        if self._app is None:
            raise SettingsError("exact.no_application")
        return self._app()


def _redirect(app: App, redirect: str | None) -> str:
    """Return an address that Exact takes: of https, or of this machine."""
    address = redirect or app.redirect
    if not address:
        raise SettingsError("exact.no_redirect", connection=app.connection)
    try:
        parts = urlsplit(address)
        origin = Origin.at(address)
    except (SettingsError, ValueError) as error:
        raise SettingsError("exact.redirect_form") from error
    if parts.fragment or (origin.scheme != "https" and not origin.is_loopback):
        raise SettingsError("exact.redirect_form")
    return address


def _code_of(consent: Consent, answer: str) -> str:
    """Return the code as Exact meant it; of a whole address the state is checked too."""
    if "code=" not in answer and "error=" not in answer:
        return unquote(answer) if _ESCAPED.search(answer) else answer
    said = parse_qs(urlsplit(answer).query or answer)
    if said.get("state") != [consent.state]:
        raise AuthorisationError("consent_state")
    if "code" not in said:
        raise AuthorisationError("consent_denied")
    return said["code"][0]


def _reached(row: dict[str, Any]) -> Reached:
    number = _number(row.get("Code"))
    if number is None:
        raise ContractChangedError("exact.envelope", endpoint="system/Divisions")
    customer, name = (odata.text_of(row.get(field)) for field in ("CustomerName", "Description"))
    facts = {
        "division": str(number),
        "customer": customer or "",
        "currency": odata.text_of(row.get("Currency")) or "",
        "country": odata.text_of(row.get("Country")) or "",
        "active": "true" if row.get("Status") in (_ACTIVE, str(_ACTIVE)) else "false",
    }
    return Reached(id=str(number), name=name or customer or str(number), facts=facts)


def _plain(number: int, name: str) -> Reached:
    return Reached(id=str(number), name=name or str(number), facts={"division": str(number)})


def _number(value: object) -> int | None:
    try:
        return odata.int_of(value)
    except ValueError:
        return None
