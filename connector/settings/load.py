"""From the file to the checked configuration. The only module that reads the environment."""

import os
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.core.policy.faults import fault_at, in_order, validated
from connector.core.policy.yaml_lines import Document, Fault, read_yaml
from connector.port.errors import SettingsError
from connector.settings.model import Settings
from connector.settings.words import is_reference

ZONE: Final = ZoneInfo("Europe/Amsterdam")
"""Time zone of every administration."""

_SECRET_KEYS: Final = ("token", "secret", "password", "api_key")
_BOOKS: Final = ("administration", "division", "folder")
"""The keys under `source` that say which books are meant, whatever the adapter."""
_WHERE: Final = ("site", "base_url")
"""Those that say where these books are; one that is left out may mean any."""
_UNCHOSEN: Final = frozenset({"", "0"})


def environment() -> Mapping[str, str]:
    """Return the environment of the process, as it is now."""
    return dict(os.environ)  # noqa: TID251  # the one place; all others get it as an argument


def defaults_folder() -> Path:
    """Return the folder of the configuration that is shipped, in the wheel or in the checkout."""
    package = Path(__file__).parents[1]
    shipped = package / "_defaults"
    return shipped if shipped.is_dir() else package.parent / "config"


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Return the configuration in the file.

    Args:
        path: The file, usually `config/maan.yaml`; relative to the working folder.
        environ: The environment that `env:NAME` refers to.

    Raises:
        SettingsError: `settings_missing`, `settings_unreadable` or `settings_encoding` with the
            path, or `settings_faults` with the path and all `faults`.
    """
    path = Path(path).absolute()
    root = path.parent.parent if path.parent.name == "config" else path.parent
    document = read_yaml(_text(path))
    context = {"path": path, "root": root, "environ": environ}
    settings, faults = _checked(document, context)
    if settings is None or faults:
        raise SettingsError("settings_faults", path=path, faults=faults)
    return settings


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError("settings_missing", path=path) from error
    except OSError as error:
        raise SettingsError("settings_unreadable", path=path) from error
    except UnicodeDecodeError as error:
        raise SettingsError("settings_encoding", path=path) from error


def _checked(
    document: Document, context: Mapping[str, object]
) -> tuple[Settings | None, tuple[Fault, ...]]:
    settings, faults = validated(document, Settings, context)
    faults += (*_repeated(document), *_same_books(document), *_literal_secrets(document))
    if settings is not None:
        faults += tuple(_open_mail(settings, document))
    return settings, in_order(faults)


def _administrations(document: Document) -> Iterator[tuple[int, dict[str, Any]]]:
    listed = (document.data or {}).get("administrations")
    for index, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield index, one


def _repeated(document: Document) -> Iterator[Fault]:
    """Every id of an administration that was used before."""
    seen = set()
    for index, one in _administrations(document):
        name = one.get("id")
        if isinstance(name, str) and name in seen:
            place = document.positions.value(("administrations", index, "id"))
            yield fault_at(place, "id_repeated", found=name)
        seen.add(name if isinstance(name, str) else None)


def _same_books(document: Document) -> Iterator[Fault]:
    """Every source that was used before: each debtor in it would be written to twice."""
    before: dict[tuple[str, ...], list[tuple[str, dict[str, Any]]]] = {}
    for index, one in _administrations(document):
        name, source = str(one.get("id")), one.get("source")
        if not isinstance(source, dict) or (books := _books(source)) is None:
            continue
        known = before.setdefault(books, [])
        twin = next((id_ for id_, other in known if _may_be_one_place(source, other)), None)
        if twin is not None and twin != name:  # the same name is told of itself
            place = document.positions.value(("administrations", index, "source"))
            yield fault_at(place, "source_repeated", found=name, other=twin)
        known.append((name, source))


def _books(source: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return which books a source means; None: it does not say yet."""
    named = [str(source.get(key) or "").strip() for key in _BOOKS]
    if all(name in _UNCHOSEN for name in named):
        return None
    *numbers, folder = named
    return str(source.get("adapter")), *numbers, os.path.normpath(folder)


def _may_be_one_place(source: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    pairs = [(source.get(key), other.get(key)) for key in _WHERE]
    return all(not a or not b or str(a).rstrip("/") == str(b).rstrip("/") for a, b in pairs)


def _literal_secrets(document: Document) -> Iterator[Fault]:
    """Every secret of a source that stands in the file itself."""
    for index, one in _administrations(document):
        source = one.get("source")
        for key, value in source.items() if isinstance(source, dict) else ():
            is_secret = key.lower().endswith(_SECRET_KEYS)
            if is_secret and not (isinstance(value, str) and is_reference(value)):
                place = document.positions.value(("administrations", index, "source", key))
                yield fault_at(place, "secret_literal", found="…")


def _open_mail(settings: Settings, document: Document) -> Iterator[Fault]:
    """Mail without encryption, to another machine, outside a rehearsal."""
    email = settings.delivery.email
    if email is None or email.security != "none" or settings.rehearsal:
        return
    if not _is_loopback(email.host):
        place = document.positions.value(("delivery", "email", "security"))
        yield fault_at(place, "security_open", host=email.host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
