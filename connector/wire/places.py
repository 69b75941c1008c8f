"""Addresses: which are ours, and what of them may be shown."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from connector.port.errors import ContractChangedError, SettingsError

_PORTS: Final = {"http": 80, "https": 443}
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ID: Final = re.compile(r"(?<=/)\d+(?=\.|/|$)")
_VERSION: Final = re.compile(r"v\d{1,2}")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Scheme, host and port of a remote."""

    scheme: str
    host: str  # small letters, no brackets
    port: int

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the origin that a setting names.

        Raises:
            SettingsError: It is no address of a remote (`wire_bad_origin`), or it would send
                tokens over the network in the clear (`wire_plain_http`).
        """
        parts = _split(url)
        if parts is None or parts.path.strip("/") or parts.query or parts.fragment:
            raise SettingsError("wire_bad_origin")
        return cls.at(url)

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the origin of an address that a setting names. Raises as `of`."""
        parts = _split(url)
        if parts is None:
            raise SettingsError("wire_bad_origin")
        origin = cls(scheme=parts.scheme, host=parts.hostname or "", port=_port(parts))
        if origin.scheme == "http" and not origin.is_loopback:
            raise SettingsError("wire_plain_http", host=origin.host)
        return origin

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def url(self, path: str) -> str:
        """Return the whole address of a path, which begins with a slash."""
        if not path.startswith("/"):
            raise ValueError(path)
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{path}"

    def path_of(self, url: str) -> str | None:
        """Return path and query of a link, relative or whole; None when it leads elsewhere."""
        parts = _split(joined(self.url("/"), url))
        if parts is None:
            return None
        there = (parts.scheme, parts.hostname or "", _port(parts))
        if there != (self.scheme, self.host, self.port):
            return None
        path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
        return f"{path}?{parts.query}" if parts.query else path

    def may_send_to(self, url: str) -> str:
        """Return the host of another origin that a redirect may lead to.

        Raises:
            ContractChangedError: It is not protected by TLS (`wire_foreign_link`).
        """
        parts = _split(url)
        if parts is not None:
            there = Origin(scheme=parts.scheme, host=parts.hostname or "", port=_port(parts))
            if there.scheme == "https" or (self.is_loopback and there.is_loopback):
                return there.host
        raise ContractChangedError("wire_foreign_link", endpoint="redirect")


def joined(base: str, link: str) -> str:
    """Return where a link leads; empty when it is none."""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def endpoint_of(path: str) -> str:
    """Return what of a path may be logged: ids become `{id}`, other digits are masked."""
    plain = _ID.sub("{id}", _UUID.sub("{id}", path.partition("?")[0]))
    return "/".join(
        part if _VERSION.fullmatch(part) else _DIGIT.sub("#", part) for part in plain.split("/")
    )


def _split(url: str) -> SplitResult | None:
    """Return the parts of a plain http(s) address, None for anything else."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in _PORTS and bool(parts.hostname) and _port(parts) > 0
    except ValueError:
        return None
    # A user name before the host is how an address pretends to be another.
    return parts if known and "@" not in parts.netloc else None


def _port(parts: SplitResult) -> int:
    return parts.port if parts.port is not None else _PORTS[parts.scheme]
