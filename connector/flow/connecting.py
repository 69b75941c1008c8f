"""Connecting: a person lets maan into a bookkeeping package, and sees what it can reach then."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connector.flow.office import Administration
from connector.port.adapter import Connects, Reached
from connector.port.errors import RequestError
from connector.settings import Settings
from connector.store.vault import make_key

_FILE: Final = "file:"
_REFERENCES: Final = (_FILE, "env:")
_KEYS: Final = ("administration", "division")
"""What packages call an administration; so the key under `source` is called too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What a credential came to.

    Attributes:
        key: What the configuration calls it under `source`.
        wanted: The administration that the configuration names; None: it names none.
        reached: Those that the credential reaches, sorted by name.
        missing_scopes: What the credential may not do and maan needs.
        by_token: A person can make a token with other rights; else only the package's application.
    """

    administration: str
    key: str
    wanted: str | None
    reached: tuple[Reached, ...]
    missing_scopes: tuple[str, ...]
    by_token: bool

    @property
    def is_reached(self) -> bool:
        """Whether the administration that the configuration names is among them."""
        return any(one.id == self.wanted for one in self.reached)


def connection(desk: Administration) -> Connects:
    """Return the source as one that a person connects with.

    Raises:
        RequestError: `connect_not_needed`: it is read without a credential of a package.
    """
    if isinstance(desk.adapter, Connects):
        return desk.adapter
    name = desk.settings.source["adapter"]
    raise RequestError("connect_not_needed", administration=desk.id, adapter=name)


def registered_address(desk: Administration) -> str | None:
    """Return where the package sends the browser after a consent, as the settings say it."""
    address = desk.settings.source.get("redirect")
    return str(address) if address else None


def key_file(settings: Settings) -> Path | None:
    """Return the file of the vault's key, None when the key stands elsewhere."""
    if not settings.vault_key.startswith(_FILE):
        return None
    return settings.root / settings.vault_key.removeprefix(_FILE)


def make_vault_key(file: Path) -> bool:
    """Make the key that tokens are kept with, unless it is there; return whether it was made.

    Raises:
        RequestError: `vault_key_unwritable`.
    """
    try:
        return make_key(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RequestError("vault_key_unwritable", file=file, reason=reason) from error


def token_from(desk: Administration, reference: str) -> str:
    """Return the token that `env:NAME` or `file:PATH` refers to.

    Raises:
        RequestError: `token_from_form`: it is no such reference. It may be the token itself, so it
            is not repeated.
        SettingsError: There is nothing there.
    """
    if not reference.startswith(_REFERENCES):
        raise RequestError("token_from_form")
    return desk.office.settings.secret(reference).reveal()


def look_around(desk: Administration) -> Connected:
    """Return what the credential that was kept reaches.

    What it lacks is only asked for where it reaches the administration: else nothing can be read.

    Raises:
        AdapterError: The source does not let maan in, or is away.
    """
    source, settings = connection(desk), desk.settings.source
    key = next((key for key in _KEYS if settings.get(key) is not None), _KEYS[0])
    wanted = None if settings.get(key) is None else str(settings[key])
    reached = tuple(source.reached())
    found = any(one.id == wanted for one in reached)
    return Connected(
        administration=desk.id,
        key=key,
        wanted=wanted,
        reached=reached,
        missing_scopes=tuple(source.missing_scopes()) if found else (),
        by_token=source.ways != ("consent",),
    )
