"""What can go wrong on the way, told apart by what the remote may have done.

No exception of requests or urllib3 passes this module: it becomes a `Broken`, which `http` and
`oauth` turn into an error of the port.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

import requests
import urllib3.exceptions as below
from requests import exceptions as above

from connector.port.errors import (
    AdapterError,
    ConflictError,
    ContractChangedError,
    RefusedError,
    UnavailableError,
)


class Kind(StrEnum):
    """Why there is no whole answer; shown in errors and logs."""

    CONNECT = "connect"
    TIMEOUT = "timeout"
    RESET = "reset"
    TRUNCATED = "truncated"
    UNTRUSTED = "untrusted"  # the certificate is not the remote's
    UNSENDABLE = "unsendable"  # the request itself can't be written down
    TOO_LARGE = "too_large"
    HTML = "html"  # a page for people where data belong
    REDIRECT = "redirect"
    STATUS = "status"  # 5xx and its like


class Broken(Exception):  # noqa: N818  # not an error of ours: it never leaves wire
    """An exchange without a usable answer.

    Attributes:
        kind: What happened.
        unsent: The request certainly did not reach the remote.
        status: Of the answer, as far as there was one.
        after: Seconds that the remote asks us to wait.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        unsent: bool = False,
        status: int | None = None,
        after: float | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.unsent = unsent
        self.status = status
        self.after = after

    @property
    def passes(self) -> bool:
        """Whether the same request may fare better in a moment."""
        return self.kind not in _LASTING

    @property
    def label(self) -> str:
        """The kind for errors and logs, with the status where that says more."""
        return f"{self.kind}_{self.status}" if self.kind is Kind.STATUS else str(self.kind)


_LASTING: Final = frozenset({Kind.UNTRUSTED, Kind.UNSENDABLE, Kind.TOO_LARGE, Kind.REDIRECT})

_UNSENDABLE: Final = (
    above.InvalidURL,
    above.InvalidHeader,
    above.InvalidSchema,
    above.MissingSchema,
    above.InvalidJSONError,
    above.URLRequired,
    above.UnrewindableBodyError,
    below.LocationValueError,
    UnicodeError,  # a header or host that can't be encoded
)
_NOT_CONNECTED: Final = (
    above.ConnectTimeout,
    above.ProxyError,
    below.NewConnectionError,
    below.ConnectTimeoutError,
    below.ProxyError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn whatever requests raises while a request is sent and its headers come in."""
    try:
        yield
    except (requests.RequestException, below.HTTPError, OSError, UnicodeError) as error:
        broken = _broken(error)
        # The text of an unsendable request quotes it, the token included.
        raise broken from (None if broken.kind is Kind.UNSENDABLE else error)


@contextmanager
def translated_body(status: int) -> Iterator[None]:
    """Turn whatever requests raises while a body comes in: its status is known already."""
    try:
        yield
    except (requests.RequestException, below.HTTPError, OSError) as error:
        timed_out = any(
            isinstance(one, below.ReadTimeoutError | above.Timeout) for one in _chain(error)
        )
        kind = Kind.TIMEOUT if timed_out else Kind.TRUNCATED
        raise Broken(kind, status=status) from error


@contextmanager
def store_at_hand() -> Iterator[None]:
    """Turn a busy store into an error of the port: vault and budget are kept there."""
    try:
        yield
    except ConflictError as error:
        raise UnavailableError("store_busy") from error


def error_of(broken: Broken, endpoint: str) -> AdapterError:
    """Return the error of an exchange in which the remote did nothing, or nothing that matters."""
    match broken.kind:
        case Kind.TOO_LARGE:
            return ContractChangedError("wire_too_large", endpoint=endpoint)
        case Kind.REDIRECT:
            return ContractChangedError("wire_redirected", endpoint=endpoint, status=broken.status)
        case Kind.UNSENDABLE:
            return RefusedError(
                "wire_unsendable", endpoint=endpoint, status=0, reference=broken.label
            )
        case Kind.UNTRUSTED:
            return UnavailableError("wire_untrusted", endpoint=endpoint)
        case _:
            return UnavailableError("wire_unavailable", endpoint=endpoint, kind=broken.label)


def _broken(error: Exception) -> Broken:
    causes = list(_chain(error))
    if isinstance(error, _UNSENDABLE):
        return Broken(Kind.UNSENDABLE, unsent=True)
    if isinstance(error, above.TooManyRedirects):
        return Broken(Kind.REDIRECT)
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        return Broken(Kind.UNTRUSTED, unsent=True)
    if any(isinstance(one, _NOT_CONNECTED) for one in causes):
        timed_out = isinstance(error, above.Timeout)
        return Broken(Kind.TIMEOUT if timed_out else Kind.CONNECT, unsent=True)
    if any(isinstance(one, above.Timeout | below.TimeoutError) for one in causes):
        return Broken(Kind.TIMEOUT)
    return Broken(Kind.RESET)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and all that it was made of: libraries hide causes in their arguments.

    Not its `__context__`: that may be the error that the caller is busy with, of another request.
    """
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, getattr(one, "reason", None), *one.args]
